"""The store, opened for a command that works with stored sessions."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sessions.store import Store
from slmtui.assemble import open_store, settings_of, surroundings
from slmtui.cli.exits import Exit, fail, user_errors
from slmtui.cli.options import overrides


@contextmanager
def stored_sessions(db: Path | None) -> Generator[Store, None, None]:
    """Open the store that the flags and settings name; what goes wrong ends the command in one line."""
    with user_errors():
        around = surroundings()
        settings = settings_of(around, overrides(db=db))
        if settings.db is not None and not settings.db.exists():
            fail(Exit.USAGE, f"there is no file {settings.db} with sessions; --db names another")
        with open_store(settings, around) as store:
            yield store
