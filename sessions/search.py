"""Full-text search over the prompts and answers of the turns that are not deleted."""

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from agents.events import Status
from sessions.tags import ALL_TAGS, tag_values, tags_in
from sessions.text import plain

WORD = re.compile(r"[^\W_]+")
SPACES = re.compile(r"\s+")
START, END = "\x02", "\x03"  # `plain` removes them, so no text can forge a highlight
MARKS = re.compile(f"[{START}{END}]")

TAGGED = f"""
SELECT t.session, t.turn, s.title, t.paradigm, t.started_at, t.status, substr(t.prompt, 1, 400)
FROM turns AS t JOIN sessions AS s ON s.id = t.session
WHERE s.deleted_at IS NULL AND (? OR s.kind = 'chat') AND {ALL_TAGS.format(session="s.id")}
ORDER BY t.id DESC LIMIT ?
"""  # noqa: S608  # two constants of ours

SEARCH = f"""
SELECT t.session, t.turn, s.title, t.paradigm, t.started_at, t.status,
  snippet(turns_text, -1, '{START}', '{END}', '…', 24)
FROM turns_text JOIN turns AS t ON t.id = turns_text.rowid JOIN sessions AS s ON s.id = t.session
WHERE turns_text MATCH ? AND s.deleted_at IS NULL AND (? OR s.kind = 'chat')
AND {ALL_TAGS.format(session="s.id")}
ORDER BY turns_text.rowid DESC LIMIT ?
"""  # noqa: S608  # two constants of ours

MATCHES = "SELECT rowid FROM turns_text WHERE turns_text MATCH ? LIMIT ?"


class SearchHit(NamedTuple):
    """A turn that holds the words. `highlights` are ranges (start, end) of characters of `snippet`."""

    session: str
    turn: str
    title: str
    paradigm: str
    started_at: str
    status: Status | None
    snippet: str
    highlights: tuple[tuple[int, int], ...]


def search(db: sqlite3.Connection, text: str, limit: int, *, every_kind: bool = False) -> list[SearchHit]:
    """Return the turns that hold every word of `text`, the latest first: of chats, or of `every_kind`.

    The last word may be unfinished, unless `limit` turns hold it as it stands: merging the turns of all
    words that begin like a common one takes long, and would add nothing that is shown.

    A word `tag:WORD` asks for the turns of sessions with that tag; alone it finds all of them.
    """
    rest, tags = tags_in(text)
    words = WORD.findall(unicodedata.normalize("NFC", rest))  # an accent of its own would split a word
    if not words and tags:
        return [_hit(row) for row in db.execute(TAGGED, (every_kind, *tag_values(tags), limit)).fetchall()]
    if not words:
        return []
    whole = " ".join(f'"{word}"' for word in words)
    begun = f"{whole} *"
    if len(db.execute(MATCHES, (whole, limit)).fetchall()) < limit:
        return _hits(db, begun, tags, limit, every_kind=every_kind)
    hits = _hits(db, whole, tags, limit, every_kind=every_kind)
    # Some may be of sessions that are not to be shown.
    return hits if len(hits) == limit else _hits(db, begun, tags, limit, every_kind=every_kind)


def _hits(
    db: sqlite3.Connection, query: str, tags: Sequence[str], limit: int, *, every_kind: bool
) -> list[SearchHit]:
    values = (query, every_kind, *tag_values(tags), limit)
    return [_hit(row) for row in db.execute(SEARCH, values).fetchall()]


def _hit(row: tuple[str, str, str, str, str, Status | None, str]) -> SearchHit:
    session, turn, title, paradigm, started_at, status, marked = row
    snippet, highlights = "", []
    for index, part in enumerate(MARKS.split(marked)):
        shown = _on_one_line(part)
        if index % 2 and shown:
            highlights.append((len(snippet), len(snippet) + len(shown)))
        snippet += shown
    return SearchHit(session, turn, title, paradigm, started_at, status, snippet, tuple(highlights))


def _on_one_line(text: str) -> str:
    """Return a text without what a terminal obeys, its spaces and line ends single spaces."""
    # Most pieces are words with single spaces, and there are many.
    return text if text.isprintable() and "  " not in text else SPACES.sub(" ", plain(text))
