"""The rows of the sessions picker: sessions by title, then turns that hold what is searched for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sessions.listing import SessionSummary
from sessions.search import SearchHit
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.paradigms import title_of

UNTITLED = "(no title)"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One row: the session it opens, its first line, when it was, and a second line of facts.

    `marked` are ranges of characters of `facts` that hold what was searched for.
    """

    session: str
    title: str
    when: str
    facts: str
    marked: tuple[tuple[int, int], ...] = ()


def session_rows(sessions: Iterable[SessionSummary], query: str) -> list[SessionRow]:
    """Return the sessions whose title or last prompt holds every word of `query`, in their order."""
    words = query.casefold().split()
    return [
        SessionRow(each.id, plain_line(each.title, 80) or UNTITLED, local_time(each.updated_at), _facts(each))
        for each in sessions
        if all(word in f"{each.title} {each.last_prompt}".casefold() for word in words)
    ]


def hit_rows(hits: Sequence[SearchHit]) -> list[SessionRow]:
    """Return the turns that full-text search found, the latest first, with the words marked."""
    return [_hit_row(hit) for hit in hits]


def _hit_row(hit: SearchHit) -> SessionRow:
    """Clean the snippet piece by piece, so that the marks stay where the words are."""
    text, marked, at = "", [], 0
    for start, end in hit.highlights:
        text += plain(hit.snippet[at:start])
        word = plain(hit.snippet[start:end])
        marked.append((len(text), len(text) + len(word)))
        text, at = text + word, end
    text += plain(hit.snippet[at:])
    title = plain_line(hit.title, 80) or UNTITLED
    return SessionRow(hit.session, title, local_time(hit.started_at), text, tuple(marked))


def _facts(each: SessionSummary) -> str:
    parts = [
        f"{fmt.count(each.turns)} turn{'' if each.turns == 1 else 's'}",
        ", ".join(plain_line(title_of(name), 20) for name in each.paradigms),
        f"↓{fmt.count(each.output_tokens)} tok",
    ]
    if each.joules is not None and each.energy_source != "mixed":
        parts.append(fmt.energy(each.joules, each.energy_source))
    parts.append(plain_line(", ".join(each.models), 40))
    return " · ".join(part for part in parts if part)


def local_time(stamp: str) -> str:
    """Return a stored UTC time as the date and time of this place; what is no time stays as it is."""
    try:
        return f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return plain_line(stamp, 20)
