"""The parts of which a turn is drawn, in order: answers, folded steps and notices."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

StepState = Literal["running", "ok", "error", "stopped"]
NoticeKind = Literal["trim", "limit", "cancelled", "failed", "interrupted"]

GLYPHS: dict[str, str] = {
    "trim": "✂",
    "limit": "■",
    "cancelled": "■",
    "failed": "✗",
    "interrupted": "■",
}


@dataclass(slots=True)
class Answer:
    """Text that an agent writes to the user, as Markdown. `done` says that no more will come."""

    key: str
    agent: str
    text: str = ""
    done: bool = False


@dataclass(slots=True)
class Step:
    """Something an agent did, folded to one line: a tool call, a hand-off, a thought.

    `facts` follow the title on the line; `body` is a list of headed texts, seen when it is opened.
    """

    key: str
    title: str
    facts: tuple[str, ...] = ()
    state: StepState = "running"
    body: tuple[tuple[str, str], ...] = ()
    written: str = field(default="", repr=False)
    tokens: int = 0
    started: float = 0.0

    @property
    def line(self) -> str:
        """The one line: title and facts, and the state in a word."""
        mark = "✗ " if self.state == "error" else ""
        return mark + " · ".join((self.title, *self.facts, "…" if self.state == "running" else self.state))


@dataclass(slots=True)
class Notice:
    """One line that says what happened to the turn: its glyph, its word and its reason."""

    key: str
    kind: NoticeKind
    text: str

    @property
    def line(self) -> str:
        """The glyph and the text."""
        return f"{GLYPHS[self.kind]} {self.text}"


Block: TypeAlias = Answer | Step | Notice
