"""The connection to the store's file: opening it, its transactions, and SQLite's errors in plain words."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sessions.errors import (
    DamagedDatabaseError,
    DatabaseFailedError,
    DatabaseLockedError,
    DiskFullError,
    ForeignDatabaseError,
    NewerDatabaseError,
    NoFolderError,
    NotADatabaseError,
    NotAFileError,
    NotWritableError,
    StoreFileError,
)
from sessions.schema import KNOWN

WAL_TRIES, WAL_PAUSE_S = 100, 0.02

MIGRATIONS = "_sqlite_migrations"  # the table in which sqlite-utils keeps what was applied

MAGIC = b"SQLite format 3\x00"

BY_CODE: dict[int, type[StoreFileError]] = {
    sqlite3.SQLITE_BUSY: DatabaseLockedError,
    sqlite3.SQLITE_LOCKED: DatabaseLockedError,
    sqlite3.SQLITE_READONLY: NotWritableError,
    sqlite3.SQLITE_CANTOPEN: NotWritableError,
    sqlite3.SQLITE_PERM: NotWritableError,
    sqlite3.SQLITE_NOTADB: NotADatabaseError,
    sqlite3.SQLITE_CORRUPT: DamagedDatabaseError,
    sqlite3.SQLITE_FULL: DiskFullError,
}


class Connection:
    """One connection to the store's file, brought up to date and in WAL mode.

    Raises a `StoreFileError` or `DatabaseFailedError` that says what is wrong. Use it from one thread.
    """

    def __init__(self, path: Path, busy_s: float = 5.0) -> None:
        self.path = path
        _check_place(path)
        with self._plain_errors():
            self._raw = sqlite3.connect(path, timeout=busy_s)
        try:
            with self._plain_errors():
                applied = self._applied()
                self._raw.execute("PRAGMA foreign_keys = ON")
                self._enter_wal()
                self._raw.execute("PRAGMA synchronous = NORMAL")
            if KNOWN - applied:
                self._migrate(had_turns=bool(applied))
        except BaseException:
            self._raw.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read in one transaction: every query sees the same state of the file."""
        with self._transaction("BEGIN DEFERRED"):
            yield self._raw

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction, begun at once so that two apps take turns; an error undoes it."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield self._raw

    def close(self) -> None:
        """Close the file. What was committed is kept."""
        self._raw.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._plain_errors():
            self._raw.execute(begin)
            try:
                yield
                self._raw.execute("COMMIT")
            except BaseException:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")
                raise

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte of an extended code
            known = BY_CODE.get(code)
            raise known(self.path) if known else DatabaseFailedError(self.path, str(error)) from error

    def _applied(self) -> frozenset[str]:
        """Return the migrations that the file has. Refuses that of another program or a newer version."""
        tables = {row[0] for row in self._raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        applied: frozenset[str] = frozenset()
        if MIGRATIONS in tables:
            sql = f"SELECT name FROM {MIGRATIONS} WHERE migration_set = 'slmtui'"  # noqa: S608  # a name of ours
            applied = frozenset(row[0] for row in self._raw.execute(sql))
        if tables and not applied:
            raise ForeignDatabaseError(self.path)
        if applied - KNOWN:
            raise NewerDatabaseError(self.path)
        return applied

    def _enter_wal(self) -> None:
        """Switch to WAL. SQLite does not wait for another app that is just doing the same, so try again."""
        for _ in range(WAL_TRIES):
            try:
                self._raw.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(WAL_PAUSE_S)
            else:
                return
        self._raw.execute("PRAGMA journal_mode = WAL")

    def _migrate(self, *, had_turns: bool) -> None:
        """Apply what is pending, all in one transaction: of two apps that open at once, one waits.

        Turns that an earlier version projected are projected again, so that new columns are filled from
        the events that always held them.
        """
        # sqlite-utils imports NumPy and more, most of a second that only a new file is worth.
        from sqlite_utils import Database  # noqa: PLC0415

        from sessions.migrations import migrate  # noqa: PLC0415
        from sessions.projections import refresh  # noqa: PLC0415

        with self.writing() as raw:
            migrate(Database(raw, execute_plugins=False))
            if had_turns:
                refresh(raw)


def _check_place(path: Path) -> None:
    """Refuse a place where no database can be, before SQLite makes a vague error of it."""
    if "\x00" in str(path):
        raise NotAFileError(path)
    try:
        _check_folder(path)
        if path.exists():
            _check_file(path)
    except PermissionError as error:
        raise NotWritableError(path) from error
    except OSError as error:
        raise DatabaseFailedError(path, error.strerror or str(error)) from error


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise NoFolderError(path)
    if not os.access(path.parent, os.W_OK):
        raise NotWritableError(path)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise NotAFileError(path)
    if not os.access(path, os.R_OK | os.W_OK):
        raise NotWritableError(path)
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
    if start and start != MAGIC:
        raise NotADatabaseError(path)
