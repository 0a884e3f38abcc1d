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
TAG_MARKS = ("tag:", "#")
KIND_WORDS = {"chat": "", "bench": "of a run", "whatif": "what-if"}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One row: the session it opens, its first line, when it was, and a second line of facts.

    `marked` are ranges of characters of `facts` that hold what was searched for. `tags` are those of the
    session, each as `#word`. A `chat` can be resumed; what is not one is only replayed.
    """

    session: str
    title: str
    when: str
    facts: str
    marked: tuple[tuple[int, int], ...] = ()
    tags: str = ""
    chat: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: `words` in titles and texts, and `tags` that a session must have."""

    words: str
    tags: tuple[str, ...]

    def has_tags(self, found: Iterable[str]) -> bool:
        """Whether tags hold every one that is searched for; one may be the beginning of a tag."""
        folded = [tag.casefold() for tag in found]
        return all(any(tag.startswith(wanted) for tag in folded) for wanted in self.tags)


def read_search(line: str) -> Search:
    """Return what a line searches for: `tag:word` and `#word` are tags, all else are words."""
    words, tags = [], []
    for word in line.split():
        mark = next((mark for mark in TAG_MARKS if word.casefold().startswith(mark)), None)
        if mark is None:
            words.append(word)
        elif len(word) > len(mark):
            tags.append(word[len(mark) :].casefold())
    return Search(" ".join(words), tuple(tags))


def session_rows(sessions: Iterable[SessionSummary], search: Search) -> list[SessionRow]:
    """Return the sessions that have the tags and hold every word in title or last prompt, in their order."""
    words = search.words.casefold().split()
    return [
        _session_row(each)
        for each in sessions
        if search.has_tags(each.tags)
        and all(word in f"{each.title} {each.last_prompt}".casefold() for word in words)
    ]


def hit_rows(hits: Sequence[SearchHit]) -> list[SessionRow]:
    """Return the turns that full-text search found, the latest first, with the words marked."""
    return [_hit_row(hit) for hit in hits]


def tags_line(tags: Iterable[str]) -> str:
    """Return tags as they are drawn: #sums #march."""
    return " ".join(f"#{plain_line(tag, 30)}" for tag in tags)


def tags_typed(line: str) -> tuple[str, ...]:
    """Return the tags of a line as it is typed, with or without `#`, spaces or commas between them."""
    words = (word.lstrip("#") for word in line.replace(",", " ").split())
    return tuple(dict.fromkeys(word for word in words if word))


def _session_row(each: SessionSummary) -> SessionRow:
    return SessionRow(
        each.id,
        plain_line(each.title, 80) or UNTITLED,
        local_time(each.updated_at),
        _facts(each),
        tags=tags_line(each.tags),
        chat=each.kind == "chat",
    )


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
        KIND_WORDS.get(each.kind, each.kind),
        plain_line(", ".join(each.models), 40),
        ", ".join(plain_line(title_of(name), 20) for name in each.paradigms),
        f"{fmt.count(each.turns)} turn{'' if each.turns == 1 else 's'}",
        f"↓{fmt.count(each.output_tokens)} tok",
    ]
    if each.joules is not None and each.energy_source != "mixed":
        parts.append(fmt.energy(each.joules, each.energy_source))
    return " · ".join(part for part in parts if part)


def local_time(stamp: str) -> str:
    """Return a stored UTC time as the date and time of this place; what is no time stays as it is."""
    try:
        return f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return plain_line(stamp, 20)
