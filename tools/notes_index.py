"""A full-text index over a folder of notes, in a SQLite file of its own or in memory."""

import hashlib
import itertools
import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.note_files import NoteFile, NotesError, Skipped, checked_folder, read_text, walk
from tools.passages import excerpt, passages
from tools.plain_text import plain, visible

_APPLICATION_ID = 0x736C6D6E
_SCHEMA_VERSION = 1
_SCHEMA = """
DROP TABLE IF EXISTS folder;
DROP TABLE IF EXISTS files;
DROP TABLE IF EXISTS passages;
CREATE TABLE folder (path TEXT NOT NULL);
CREATE TABLE files (
    name TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    first_row INTEGER NOT NULL, last_row INTEGER NOT NULL
);
CREATE VIRTUAL TABLE passages USING fts5 (
    title, heading, text, name UNINDEXED, line UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
_SEARCH = """
SELECT name, line, heading, highlight(passages, 2, char(1), char(2)), rank
FROM passages WHERE passages MATCH ? AND rank MATCH 'bm25(2.0, 2.0, 1.0)' ORDER BY rank, rowid LIMIT ?
"""
_MAX_QUERY = 1000
_MAX_TERMS = 24
_MAX_STEPS = 20_000  # of a thousand instructions of SQLite's machine each: seconds, on any machine
_NOT_INDEXED = "The notes are not indexed yet: index their folder first."
_WEAK = 0.5  # of the best score: below it, a passage shares only a common word or two with the query
_COMMON_WORDS = frozenset({
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can",
    "could", "did", "do", "does", "file", "find", "for", "from", "had", "has", "have", "how", "i", "if",
    "in", "is", "it", "its", "me", "my", "note", "notes", "of", "on", "or", "our", "please", "s", "say",
    "says", "search", "should", "so", "tell", "that", "the", "their", "them", "there", "they", "this",
    "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would",
    "write", "wrote", "you", "your",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: files read now, files found unchanged, files gone, and what was left out and why."""

    folder: Path
    indexed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skipped, ...] = ()

    @property
    def files(self) -> int:
        """How many files the index holds."""
        return self.indexed + self.unchanged

    def summary(self) -> str:
        """Return the report as one line."""
        reasons = Counter(skipped.reason for skipped in self.skipped)
        left_out = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        text = (
            f"{self.files} notes in {visible(str(self.folder))}: {self.indexed} read, {self.removed} removed"
        )
        return f"{text}; left out: {left_out}" if left_out else text


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: the file in the folder, the line (from 1), the heading above, and one line of text."""

    name: str
    line: int
    heading: str
    text: str


def index_file(folder: Path, cache: Path) -> Path:
    """Return where under a folder of caches the index of a notes folder is kept, one file for each."""
    name = hashlib.sha256(os.fsencode(folder.expanduser().absolute())).hexdigest()[:16]
    return cache / "notes" / f"{name}.db"


class NotesIndex:
    """The index of one folder, in the file `database`, or in memory without one. Safe to use from threads."""

    def __init__(self, database: Path | None = None) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._memory = None if database else sqlite3.connect(":memory:", check_same_thread=False)

    def build(self, folder: Path) -> BuildReport:
        """Bring the index up to date with the text and Markdown files of a folder.

        Files whose time of change and size are those of the last build are not read again. Raises
        `NotesError`, which says what to do, for a folder or a database that cannot be used.
        """
        root = checked_folder(folder)
        with self._lock, self._translated(), self._writer() as connection:
            return _build(connection, root)

    def refresh(self) -> BuildReport:
        """Bring the index up to date with the folder of its last build. Raises `NotesError`, as `build`."""
        with self._lock, self._translated(), self._reader() as connection:
            found = connection.execute("SELECT path FROM folder").fetchone()
        if found is None:
            raise NotesError(_NOT_INDEXED)
        return self.build(Path(found[0]))

    def search(self, query: str, limit: int = 3) -> tuple[Hit, ...]:
        """Return the best passages for the words of a query, best first.

        Every word is quoted, so no text is a syntax error. Raises `NotesError` if there is no index.
        """
        match = match_expression(query)
        if not match:
            return ()
        with self._lock, self._translated(), self._reader() as connection:
            rows = connection.execute(_SEARCH, (match, limit)).fetchall()
        return tuple(_hit(*row) for *row, rank in rows if rank <= _WEAK * rows[0][-1])

    def close(self) -> None:
        """Close an index in memory; one in a file is open only while it is used."""
        if self._memory:
            self._memory.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the errors of SQLite and of the file system into a `NotesError`."""
        shown = visible(str(self._database or "in memory"))
        try:
            yield
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise NotesError("The search took too long: use fewer words.") from error
            if "no such table" in str(error):
                raise NotesError(_NOT_INDEXED) from error
            raise NotesError(
                f"The notes index {shown} cannot be used ({error}): name another file."
            ) from error
        except sqlite3.Error as error:
            raise NotesError(
                f"{shown} is not a notes index ({error}): delete it, or name another."
            ) from error
        except OSError as error:
            raise NotesError(
                f"The notes index {shown} cannot be used ({error.strerror}): name another."
            ) from error

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        if self._memory:
            yield self._memory
        elif self._database:
            uri = f"{self._database.resolve().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)) as connection:
                yield connection

    @contextmanager
    def _writer(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to a database that has the tables, within a transaction."""
        if self._database:
            self._database.parent.mkdir(0o700, parents=True, exist_ok=True)  # notes are for their owner alone
        with self._connection("rwc") as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                _prepare(connection, visible(str(self._database)))
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that cannot write, and whose queries end after `_MAX_STEPS`."""
        if self._database and not self._database.is_file():
            raise NotesError(_NOT_INDEXED)
        steps = itertools.count()
        with self._connection("ro") as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.set_progress_handler(lambda: next(steps) > _MAX_STEPS, 1000)
            try:
                yield connection
            finally:
                connection.set_progress_handler(None, 0)
                connection.execute("PRAGMA query_only = OFF")


def match_expression(query: str) -> str:
    """Return an FTS5 query for any of a text's words, each quoted, without the commonest if others remain."""
    pieces = plain(query[:_MAX_QUERY]).replace("\u2019", "'").split()
    stripped = (re.sub(r"^\W+|(?:'s)?\W*$", "", piece) for piece in pieces)
    words = [word for word in stripped if any(map(str.isalnum, word))]
    telling = [word for word in words if word.lower() not in _COMMON_WORDS] or words
    terms: dict[str, None] = {}
    for word in telling:  # 10:45 as it stands is a phrase; boiler/heating is looked for in parts, too
        terms.update(dict.fromkeys((word, *re.findall(r"[^\W_]{3,}", word))))
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in list(terms)[:_MAX_TERMS])


def _prepare(connection: sqlite3.Connection, shown: str) -> None:
    """Make the tables in an empty database or an index of another version; refuse anybody else's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != _APPLICATION_ID:
        raise NotesError(f"{shown} is a database of something else: name another file for the notes index.")
    if not tables or version != _SCHEMA_VERSION:
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")


def _build(connection: sqlite3.Connection, root: Path) -> BuildReport:
    known = _known_files(connection, root)
    indexed = unchanged = 0
    skipped: list[Skipped] = []
    for entry in walk(root):
        if isinstance(entry, Skipped):
            skipped.append(entry)
            continue
        if known.get(entry.name) == (entry.mtime_ns, entry.size):
            unchanged += 1
        else:
            text = read_text(entry)
            if isinstance(text, Skipped):
                skipped.append(text)
                continue
            _forget(connection, entry.name)
            _add(connection, entry, text)
            indexed += 1
        known.pop(entry.name, None)
    for name in known:
        _forget(connection, name)
    return BuildReport(root, indexed, unchanged, len(known), tuple(skipped))


def _known_files(connection: sqlite3.Connection, root: Path) -> dict[str, tuple[int, int]]:
    """Return time of change and size of the files in the index, which is emptied for another folder."""
    if connection.execute("SELECT path FROM folder").fetchall() != [(str(root),)]:
        for table in ("folder", "files", "passages"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the three names above
        connection.execute("INSERT INTO folder VALUES (?)", (str(root),))
    rows = connection.execute("SELECT name, mtime_ns, size FROM files")
    return {name: (mtime_ns, size) for name, mtime_ns, size in rows}


def _forget(connection: sqlite3.Connection, name: str) -> None:
    for rows in connection.execute(
        "SELECT first_row, last_row FROM files WHERE name = ?", (name,)
    ).fetchall():
        connection.execute("DELETE FROM passages WHERE rowid BETWEEN ? AND ?", rows)
    connection.execute("DELETE FROM files WHERE name = ?", (name,))


def _add(connection: sqlite3.Connection, file: NoteFile, text: str) -> None:
    (first,) = connection.execute("SELECT coalesce(max(last_row), 0) + 1 FROM files").fetchone()
    title = file.name.rpartition(".")[0]
    rows = [
        (row, title, passage.heading, passage.text, file.name, passage.line)
        for row, passage in enumerate(passages(text), first)
    ]
    connection.executemany(
        "INSERT INTO passages (rowid, title, heading, text, name, line) VALUES (?, ?, ?, ?, ?, ?)", rows
    )
    row = (file.name, file.mtime_ns, file.size, first, first + len(rows) - 1)
    connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", row)


def _hit(name: str, line: int, heading: str, marked: str) -> Hit:
    offset, text = excerpt(marked)
    return Hit(name, line + offset, heading, text)
