"""The open path through a session's turns, and the part of it that is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sessions.records import TurnRecord
from slmtui.tui.state.pages import AT_FIRST, PAGE
from slmtui.tui.state.siblings import Place, Siblings, place_of, sibling

WINDOW = 59
"""How many finished turns are drawn at most, whatever the session; one more may run."""


@dataclass(slots=True)
class Conversation:
    """The finished turns of the open path, of which those from `start` up to `end` are drawn."""

    records: list[TurnRecord] = field(default_factory=list)
    siblings: Siblings = field(default_factory=dict)
    start: int = 0
    end: int = 0

    @property
    def window(self) -> Sequence[TurnRecord]:
        """The turns that are drawn."""
        return self.records[self.start : self.end]

    @property
    def earlier(self) -> int:
        """How many turns stand above the window."""
        return self.start

    @property
    def later(self) -> int:
        """How many turns stand below the window."""
        return len(self.records) - self.end

    # Moving the window

    def show_newest(self) -> None:
        """Draw the last page."""
        self.show_last()
        self.fill_page()

    def show_last(self) -> None:
        """Draw the turns that are in view when a session opens."""
        self.end = len(self.records)
        self.start = max(0, self.end - AT_FIRST)

    def fill_page(self) -> bool:
        """Draw a whole page up to the last turn that is drawn. Returns whether that is more than before."""
        before, self.start = self.start, min(self.start, max(0, self.end - PAGE))
        return self.start < before

    def show_oldest(self) -> None:
        """Draw the first page."""
        self.start, self.end = 0, min(PAGE, len(self.records))

    def show_earlier(self) -> None:
        """Draw a page more above; what is too much below is taken out."""
        self.start = max(0, self.start - PAGE)
        self.end = min(self.end, self.start + WINDOW)

    def show_later(self) -> None:
        """Draw a page more below; what is too much above is taken out."""
        self.end = min(len(self.records), self.end + PAGE)
        self.start = max(self.start, self.end - WINDOW)

    def show_turn(self, turn: str) -> None:
        """Draw the last page, or the one that has a turn of the path further up."""
        self.show_newest()
        index = self.index(turn)
        if 0 <= index < self.start:
            self.start = max(0, index - PAGE // 2)
            self.end = min(len(self.records), self.start + PAGE)

    # Turns of the path

    def index(self, turn: str) -> int:
        """Return where a turn stands on the path, or -1 if it is not on it."""
        numbers = (index for index in reversed(range(len(self.records))) if self.records[index].turn == turn)
        return next(numbers, -1)

    def parent(self, turn: str) -> str:
        """Return the turn that a turn of the path follows; empty for the first."""
        index = self.index(turn)
        return self.records[index - 1].turn if index > 0 else ""

    def next_turn(self, turn: str, direction: int) -> str:
        """Return the sibling before (-1) or after (1) a turn; empty when there is none."""
        return sibling(self.siblings, turn, direction)

    def place(self, turn: str) -> Place:
        """Return which of its siblings a turn is."""
        return place_of(self.siblings, turn)

    # Growing

    def cut_after(self, parent: str) -> None:
        """Let the path end at the turn `parent`, or before the first where it is empty."""
        del self.records[self.index(parent) + 1 :]
        self.end = min(self.end, len(self.records))
        if self.start >= self.end:
            self.show_newest()

    def make_room(self) -> None:
        """Bring the end of the path into the window, with room for one more turn."""
        if self.later:
            self.show_newest()
        self.start = max(self.start, self.end - WINDOW)

    def add(self, record: TurnRecord) -> None:
        """Take in a turn that ended; it is drawn if those before it are."""
        self.end += self.end == len(self.records)
        self.records.append(record)
