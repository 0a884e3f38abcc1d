"""Full-text search over the prompts and answers of the turns that are not deleted."""

import re
import sqlite3
import unicodedata
from dataclasses import dataclass

from agents.events import Status
from sessions.text import plain

WORD = re.compile(r"[^\W_]+")
START, END = "\x02", "\x03"  # `plain` removes them, so no text can forge a highlight

SEARCH = f"""
SELECT t.session, t.turn, s.title, t.paradigm, t.started_at, t.status,
  snippet(turns_text, -1, '{START}', '{END}', '…', 24)
FROM turns_text JOIN turns AS t ON t.id = turns_text.rowid JOIN sessions AS s ON s.id = t.session
WHERE turns_text MATCH ? AND s.deleted_at IS NULL ORDER BY rank, t.id DESC LIMIT ?
"""  # noqa: S608  # two constants of ours


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A turn that holds the words. `highlights` are ranges (start, end) of characters of `snippet`."""

    session: str
    turn: str
    title: str
    paradigm: str
    started_at: str
    status: Status | None
    snippet: str
    highlights: tuple[tuple[int, int], ...]


def search(db: sqlite3.Connection, text: str, limit: int) -> list[SearchHit]:
    """Return the turns that hold every word of `text`, the best first; the last word may be unfinished."""
    words = WORD.findall(unicodedata.normalize("NFC", text))  # an accent of its own would split a word
    if not words:
        return []
    query = " ".join(f'"{word}"' for word in words) + " *"
    return [_hit(row) for row in db.execute(SEARCH, (query, limit)).fetchall()]


def _hit(row: tuple[str, str, str, str, str, Status | None, str]) -> SearchHit:
    session, turn, title, paradigm, started_at, status, marked = row
    snippet, highlights = "", []
    for index, part in enumerate(re.split(f"[{START}{END}]", marked)):
        shown = re.sub(r"\s+", " ", plain(part))
        if index % 2 and shown:
            highlights.append((len(snippet), len(snippet) + len(shown)))
        snippet += shown
    return SearchHit(session, turn, title, paradigm, started_at, status, snippet, tuple(highlights))
