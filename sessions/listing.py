"""What a list of sessions shows of each."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from agents.events import EnergySource
from agents.message import Sampling
from sessions.chat_settings import as_sampling
from sessions.tags import ALL_TAGS, tag_values

SessionKind = Literal["chat", "bench", "whatif"]
"""What a session is of: a chat, one arm of a run of suites, or a what-if."""


class SessionSummary(NamedTuple):
    """One session in a list. Times are UTC in ISO 8601.

    `joules` is the energy of its turns, and None when they have none or come from several sources
    (`energy_source` is then `mixed`), which never add up to one figure. `turns` counts all of them, on the
    open path or not. `system` and `sampling` are the session's own; None is what the settings say.
    """

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: int
    paradigms: tuple[str, ...]
    models: tuple[str, ...]
    output_tokens: int
    joules: float | None
    energy_source: EnergySource | Literal["mixed"]
    last_prompt: str
    kind: SessionKind = "chat"
    tags: tuple[str, ...] = ()
    system: str | None = None
    sampling: Sampling | None = None


SUMMARY = """
SELECT s.id, s.title, s.created_at, s.updated_at, count(t.id),
  json_group_array(DISTINCT t.paradigm), json_group_array(DISTINCT t.model),
  coalesce(sum(t.output_tokens), 0),
  sum(t.joules), json_group_array(DISTINCT t.energy_source) FILTER (WHERE t.joules IS NOT NULL),
  coalesce((SELECT prompt FROM turns WHERE session = s.id ORDER BY position DESC LIMIT 1), ''), s.kind,
  (SELECT json_group_array(tag) FROM tags WHERE session = s.id), s.system, s.sampling
FROM ({chosen}) AS s LEFT JOIN turns AS t ON t.session = s.id
GROUP BY s.id ORDER BY s.updated_at DESC, s.id DESC
"""
ONE = SUMMARY.format(chosen="SELECT * FROM sessions WHERE id = ?")
MANY = SUMMARY.format(
    chosen=f"""
  SELECT * FROM sessions AS each
  WHERE deleted_at IS NULL AND (? OR kind = 'chat') AND {ALL_TAGS.format(session="each.id")}
    AND (? OR EXISTS (SELECT 1 FROM turns WHERE session = each.id))
  ORDER BY updated_at DESC, id DESC LIMIT ?
"""  # noqa: S608  # a constant of ours
)
NUMBER = """
SELECT count(*) FROM sessions AS each WHERE deleted_at IS NULL AND kind = 'chat'
AND EXISTS (SELECT 1 FROM turns WHERE session = each.id)
"""


def summary(db: sqlite3.Connection, session: str) -> SessionSummary:
    """Return the summary of the session with that id."""
    return _summary(db.execute(ONE, (session,)).fetchone())


def summaries(
    db: sqlite3.Connection,
    limit: int | None,
    *,
    include_empty: bool,
    every_kind: bool = False,
    tags: Sequence[str] = (),
) -> list[SessionSummary]:
    """Return the sessions that are not deleted, the latest first; the chats, or those of `every_kind`.

    Each has every one of `tags`.
    """
    values = (every_kind, *tag_values(tags), include_empty, -1 if limit is None else limit)
    rows = db.execute(MANY, values)
    return [_summary(row) for row in rows.fetchall()]


def number_of_chats(db: sqlite3.Connection) -> int:
    """Return how many chats with a turn there are that are not deleted."""
    return int(db.execute(NUMBER).fetchone()[0])


def _summary(row: tuple[Any, ...]) -> SessionSummary:
    *facts, tags, system, sampling = row
    *head, paradigms, models, output_tokens, joules, sources, last_prompt, kind = facts
    ident, title, created_at, updated_at, turns = head
    found: list[EnergySource] = msgspec.json.decode(sources)
    return SessionSummary(
        id=ident,
        title=title,
        created_at=created_at,
        updated_at=updated_at,
        turns=turns,
        paradigms=_names(paradigms),
        models=_names(models),
        output_tokens=output_tokens,
        joules=joules if len(found) == 1 else None,
        energy_source="mixed" if len(found) > 1 else (found or ["none"])[0],
        last_prompt=last_prompt,
        kind=kind,
        tags=tuple(sorted(msgspec.json.decode(tags))),
        system=system,
        sampling=as_sampling(sampling),
    )


def _names(array: str) -> tuple[str, ...]:
    return tuple(name for name in msgspec.json.decode(array) if name)
