"""The user's words for a session."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable

from sessions.errors import EmptyTagError
from sessions.text import plain

TAG_LENGTH = 30
OTHERS = "_./+-"
"""What may stand in a tag besides letters, digits and their marks."""
ALL_TAGS = """
NOT EXISTS (SELECT 1 FROM json_each(?) AS w
  WHERE NOT EXISTS (SELECT 1 FROM tags WHERE session = {session} AND tag = w.value))
"""
"""SQL: whether a session has every tag of a list, whose one value `tag_values` makes."""


def tag_of(text: str) -> str:
    """Return a text as a tag: one word in small letters, a `#` before it left out, at most 30 characters.

    Raises `EmptyTagError` where no word is in it.
    """
    tag = _word_of(text)
    if not tag:
        raise EmptyTagError(text)
    return tag


def _word_of(text: str) -> str:
    """Return a text as a tag; nothing where no letter and no digit would be left of it."""
    word = unicodedata.normalize("NFC", plain(text)).casefold().strip().removeprefix("#")
    tag = "-".join(_kept(word).split())
    tag = tag.strip("-")[:TAG_LENGTH].rstrip("-")
    return tag if any(each.isalnum() for each in tag) else ""


def _kept(word: str) -> str:
    """Return a text with a space for all that is in no tag.

    Scripts such as Devanagari write vowels as marks on a letter; those of an emoji stand alone.
    """
    kept = ""
    for each in word:
        marks = unicodedata.category(each).startswith("M") and kept[-1:] not in {"", " ", *OTHERS}
        kept += each if each.isalnum() or each in OTHERS or marks else " "
    return kept


def tag_values(tags: Iterable[str]) -> tuple[str]:
    """Return the value that `ALL_TAGS` is given. Raises `EmptyTagError`."""
    return (json.dumps([tag_of(tag) for tag in tags]),)


def tags_in(text: str) -> tuple[str, list[str]]:
    """Return a search without its words `tag:WORD`, and these words; one that is no tag is left out."""
    words = text.split()
    tags = [word.removeprefix("tag:") for word in words if word.startswith("tag:")]
    rest = " ".join(word for word in words if not word.startswith("tag:"))
    return rest, [tag for tag in tags if _word_of(tag)]


def add_tag(db: sqlite3.Connection, session: str, text: str) -> str:
    """Put a tag on the session with that id, and return it; one that it has changes nothing."""
    tag = tag_of(text)
    db.execute("INSERT OR IGNORE INTO tags (session, tag) VALUES (?, ?)", (session, tag))
    return tag


def remove_tag(db: sqlite3.Connection, session: str, text: str) -> bool:
    """Take a tag off the session with that id; return whether it had it."""
    sql = "DELETE FROM tags WHERE session = ? AND tag = ?"
    return db.execute(sql, (session, tag_of(text))).rowcount > 0


def tag_counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return every tag in use with its number of sessions that are not deleted, the most used first."""
    sql = """
    SELECT tag, count(*) FROM tags JOIN sessions ON sessions.id = session
    WHERE deleted_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag
    """
    return dict(db.execute(sql).fetchall())
