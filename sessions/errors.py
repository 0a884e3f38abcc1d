"""What can go wrong with the store, one class each. The text says what to do and is shown as it is."""

from collections.abc import Iterable
from pathlib import Path


class SessionsError(Exception):
    """Anything that the store, an export or a replay refuses to do."""


class StoreFileError(SessionsError):
    """Something is wrong with the store's file; each kind has its own text."""

    text = "{path} cannot be used as the store of sessions."

    def __init__(self, path: Path) -> None:
        super().__init__(self.text.format(path=_shown(path), folder=_shown(path.parent)))


class NotADatabaseError(StoreFileError):
    """The file is no SQLite database."""

    text = "{path} is not a SQLite database. Name another file, or move this one away."


class ForeignDatabaseError(StoreFileError):
    """The file is a SQLite database of another program."""

    text = "{path} is a database of another program. Name another file for the sessions."


class NewerDatabaseError(StoreFileError):
    """The file was written by a newer version of slmtui."""

    text = "{path} was written by a newer slmtui. Upgrade slmtui, or name another file."


class DamagedDatabaseError(StoreFileError):
    """SQLite found the file damaged."""

    text = "{path} is damaged. Keep a copy; `sqlite3 OLD .recover | sqlite3 NEW` may save what is in it."


class NoFolderError(StoreFileError):
    """The folder of the database does not exist."""

    text = "There is no folder {folder} for the sessions. Create it, or name another file."


class NotAFileError(StoreFileError):
    """The place of the database is taken by a folder or a device."""

    text = "{path} is not a file. Name a file for the sessions."


class NotWritableError(StoreFileError):
    """The file, or the folder that holds it, cannot be written."""

    text = "{path} cannot be written. Make it and its folder writable, or name another file."


class DatabaseLockedError(StoreFileError):
    """Another program held the database for longer than the store waits."""

    text = "{path} is locked by another program. Close that one, then try again."


class DiskFullError(StoreFileError):
    """There is no room left for the database."""

    text = "There is no room left on the disk of {path}. Make room, then try again."


class DatabaseFailedError(SessionsError):
    """SQLite failed for a reason without a class of its own."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{_shown(path)} cannot be used: {reason}. Try again, or name another file.")


class UnreadableEventError(SessionsError):
    """A stored event is of an unknown type, or damaged."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"A stored event of type {name!r} cannot be read ({reason}). Upgrade slmtui.")


class UnknownSessionError(SessionsError):
    """No session has that id."""

    def __init__(self, ref: str) -> None:
        if ref == "last":
            super().__init__("There is no session yet. Start one with `slmtui`.")
        else:
            super().__init__(f"There is no session {ref!r}. `slmtui sessions list` shows them.")


class UnknownTurnError(SessionsError):
    """No turn has that id."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"There is no turn {ref!r}. `slmtui sessions show` lists the turns of a session.")


class TurnElsewhereError(SessionsError):
    """Events for a turn that belongs to another session."""

    def __init__(self, turn: str, session: str) -> None:
        super().__init__(
            f"The turn {turn} belongs to another session than {session}, and nothing of it is kept there."
            " Ask again: every turn has an id of its own."
        )


class UnknownRunError(SessionsError):
    """No run of suites has that id."""

    def __init__(self, ref: str) -> None:
        if ref == "last":
            super().__init__("There is no run yet. Start one with `slmtui bench`.")
        else:
            super().__init__(f"There is no run {ref!r}. `slmtui runs` shows them.")


class EmptyTagError(SessionsError):
    """A tag without a letter or a digit."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no tag. A tag is one word of letters and digits.")


class NotByHandError(SessionsError):
    """A mark, or one more item, for a run of suites, which scores its attempts itself."""

    def __init__(self, run: str) -> None:
        super().__init__(f"The run {run} is of suites, and scores its attempts itself: no mark can be set.")


class UnknownAttemptError(SessionsError):
    """A mark for an attempt that was never made."""

    def __init__(self, arm: str, item: str, repeat: int) -> None:
        super().__init__(f"There is no answer of {arm} to {item} (repeat {repeat}) that could be marked.")


class ScoredAttemptError(SessionsError):
    """An attempt that is scored already was begun again, or one that was never begun was scored."""

    def __init__(self, arm: str, item: str, repeat: int) -> None:
        super().__init__(
            f"The attempt of {arm} at {item} (repeat {repeat}) cannot be written: another slmtui may be at"
            " work on the run. Close that one, then go on with `slmtui bench --resume`."
        )


class AmbiguousRefError(SessionsError):
    """A shortened id fits several sessions, turns or runs."""

    kind = "ids"

    def __init__(self, ref: str, found: Iterable[str]) -> None:
        super().__init__(f"{ref!r} fits several {self.kind}: {', '.join(found)}. Write more of the id.")


class AmbiguousSessionError(AmbiguousRefError):
    """A shortened id fits several sessions."""

    kind = "sessions"


class AmbiguousTurnError(AmbiguousRefError):
    """A shortened id fits several turns."""

    kind = "turns"


class AmbiguousRunError(AmbiguousRefError):
    """A shortened id fits several runs."""

    kind = "runs"


class UnknownColumnError(SessionsError):
    """An export was asked for a column that does not exist."""

    def __init__(self, name: str, nearest: str | None, by: str) -> None:
        hint = f"Did you mean {nearest!r}?" if nearest else "docs/columns.md lists the columns."
        super().__init__(f"There is no column {name!r} by {by}. {hint}")


def _shown(path: Path) -> str:
    """Return a path for a message; the name of a file may hold line feeds and escapes."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
