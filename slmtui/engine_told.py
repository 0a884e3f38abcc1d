"""What is told of the engine beside its calls: whether other windows use it too, and where its log is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from slmtui.engine.endpoint import Card

if TYPE_CHECKING:
    from slmtui.engine.client import Engine


@dataclass(frozen=True, slots=True)
class EngineTold:
    """`log` is the file that the engine's own words go to; `others` says that another window started it."""

    log: Path | None = None
    shared: bool = False
    others: bool = False


def engine_told(engine: "Engine", endpoints: Path, own: Path) -> EngineTold:
    """Return what is known of a running engine.

    An engine that another window started writes to that window's log, which its card in the folder
    `endpoints` names; ours writes to `own`.
    """
    pid = engine.pid
    cards = [] if pid is None else (_card(path) for path in sorted(endpoints.glob("*.json")))
    logs = (Path(card.log) for card in cards if card is not None and card.pid == pid)
    log = next(logs, own)
    return EngineTold(log, shared=engine.shared, others=log != own)


def _card(path: Path) -> Card | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except (OSError, msgspec.MsgspecError):
        return None
