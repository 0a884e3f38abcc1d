"""What the sessions picker lists: read from the store, narrowed by the search line, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sessions.listing import SessionSummary
from sessions.search import SearchHit
from sessions.store import Store
from slmtui.tui.state.session_rows import Search, SessionRow, hit_rows, read_search, session_rows

HITS = 50
LISTED = 500
"""So many of the latest sessions are listed; the search finds what is in the others."""


@dataclass(slots=True)
class FoundSessions:
    """The picker's rows: `by_title`, then `by_text`. `every_kind` lists those of runs and what-ifs too."""

    every_kind: bool = False
    listed: Sequence[SessionSummary] = ()
    by_title: list[SessionRow] = field(default_factory=list)
    by_text: list[SessionRow] = field(default_factory=list)
    line: str = ""

    def read(self, store: Store) -> None:
        """Read the latest sessions anew. Raises a `SessionsError`."""
        self.listed = store.sessions(LISTED, every_kind=self.every_kind)

    def search(self, store: Store, line: str) -> None:
        """Narrow the rows to what a line searches for. Raises a `SessionsError`."""
        self.line = line.strip()
        search = read_search(self.line)
        self.by_title = session_rows(self.listed, search)
        hits = store.search(search.words, HITS, every_kind=self.every_kind) if search.words else []
        self.by_text = hit_rows([hit for hit in hits if self._has_tags(store, hit, search)])

    def _has_tags(self, store: Store, hit: SearchHit, search: Search) -> bool:
        return not search.tags or search.has_tags(store.session(hit.session).tags)

    @property
    def rows(self) -> list[SessionRow]:
        """All rows, in order."""
        return [*self.by_title, *self.by_text]

    @property
    def tally(self) -> str:
        """How many there are, and of how many: a list that is cut says that it is the latest."""
        all_listed = len(self.listed)
        latest = "latest " if all_listed == LISTED else ""
        if not self.line:
            kinds = " of every kind" if self.every_kind else ""
            return f"{latest}{all_listed} session{'' if all_listed == 1 else 's'}{kinds}"
        found, hits = len(self.by_title), len(self.by_text)
        of_latest = "the latest " if latest else ""
        told = f"{found} of {of_latest}{all_listed} by title"
        if not read_search(self.line).words:
            return told.replace("by title", "by tag")
        return f"{told} · {hits}{'+' if hits == HITS else ''} turn{'' if hits == 1 else 's'} by text"
