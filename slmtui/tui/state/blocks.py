"""The parts of which a turn is drawn, in order: answers, folded steps and notices."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

StepState = Literal["running", "ok", "error", "stopped", "invalid", "not called"]
NoticeKind = Literal[
    "trim", "limit", "cancelled", "failed", "interrupted", "rung", "skipped", "approval", "cut", "chosen"
]

GLYPHS: dict[NoticeKind, str] = {
    "trim": "✂",
    "limit": "■",
    "cancelled": "■",
    "failed": "✗",
    "interrupted": "■",
    "rung": "↻",
    "skipped": "»",
    "approval": "?",
    "cut": "✂",
    "chosen": "✓",
}

ASIDES: frozenset[NoticeKind] = frozenset({"rung", "skipped", "approval", "cut", "chosen"})
"""Notices of what went on as it may: they are drawn dim."""


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
    `tail` is the end of what is being written, drawn dim. A `quiet` step does not say that it went well.
    A `thought` can be hidden. A failed call is `recovered` once its agent called a tool that went well.
    """

    key: str
    title: str
    facts: tuple[str, ...] = ()
    state: StepState = "running"
    body: tuple[tuple[str, str], ...] = ()
    tail: str = ""
    quiet: bool = False
    thought: bool = False
    recovered: bool = False
    written: str = field(default="", repr=False)
    tokens: int = 0
    started: float = 0.0

    @property
    def line(self) -> str:
        """The one line: title and facts, and the state in a word."""
        mark = "✗ " if self.failed else ""
        return mark + " · ".join((self.title, *self.facts, *self._ending()))

    @property
    def failed(self) -> bool:
        """Whether it went wrong, and nothing made up for it: it is shown open."""
        return self.state == "error" and not self.recovered

    def _ending(self) -> tuple[str, ...]:
        if self.state == "error" and self.recovered:
            return ("error, then recovered",)
        if self.state == "running":
            return () if self.title.endswith("…") and not self.facts else ("…",)
        return () if self.quiet and self.state == "ok" else (self.state,)


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

    @property
    def is_aside(self) -> bool:
        """Whether it is drawn dim."""
        return self.kind in ASIDES


Block: TypeAlias = Answer | Step | Notice
