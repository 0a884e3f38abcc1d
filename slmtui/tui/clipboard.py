"""What is copied: the source of a text, clean, by the terminal and to the system's clipboard.

`SlmApp.copy_to_clipboard` does both: OSC 52, which also works over ssh, and then this module.
"""

import logging
import re
from threading import Thread

from slmtui.tui.plain import typed

_log = logging.getLogger(__name__)

_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, the cursor
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"  # OSC, DCS and the like
    "|\x1b[ -/]*[0-~]"
)


def clean(text: str) -> str:
    """Return `text` as it may be pasted into a terminal: escapes and unseen characters out, tabs kept.

    A space that does not break becomes a usual one: answers that are drawn as written are indented by it.
    """
    return typed(_ESCAPES.sub("", text)).replace("\u00a0", " ")


def to_system(text: str) -> None:
    """Put text on the system's clipboard, if there is one. Returns at once, and never fails."""
    Thread(target=_copy, args=(text,), daemon=True, name="clipboard").start()


def _copy(text: str) -> None:
    try:
        import pyperclip  # noqa: PLC0415 - looks for the system's clipboard

        pyperclip.copy(text)
    except Exception:  # noqa: BLE001 - there may be none; the terminal was asked already
        _log.debug("no clipboard of the system", exc_info=True)
