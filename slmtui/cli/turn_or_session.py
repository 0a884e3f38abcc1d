"""The turn or the session that is meant, where a command takes either."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from sessions.errors import UnknownSessionError, UnknownTurnError
from sessions.listing import SessionSummary
from sessions.records import TurnRecord
from sessions.refs import LAST
from sessions.store import Store
from slmtui.cli.exits import Exit, fail

HELP = "A turn, or a session for all its turns: an id, or part of one. The last turn is last."
METAVAR = "TURN|SESSION"

Found = TypeVar("Found")


def turn_or_session(store: Store, ref: str) -> TurnRecord | SessionSummary:
    """Return what `ref` means. One that means neither, or both, ends the command.

    Raises `AmbiguousTurnError` or `AmbiguousSessionError` for one that fits several of a kind.
    """
    turn = _found(store.turn, ref)
    session = None if ref == LAST else _found(store.session, ref)
    if turn is None:
        return session or _neither(ref)
    if session is not None:
        both = f"the turn {turn.turn} and the session {session.id}"
        fail(Exit.USAGE, f"{ref!r} fits {both}; write more of the id")
    return turn


def _found(look: Callable[[str], Found], ref: str) -> Found | None:
    try:
        return look(ref)
    except (UnknownTurnError, UnknownSessionError):
        return None


def _neither(ref: str) -> NoReturn:
    if ref == LAST:
        fail(Exit.USAGE, "there is no turn yet; `slmtui ask` makes one")
    fail(Exit.USAGE, f"there is no turn or session {ref!r}; `slmtui sessions show` lists turns")
