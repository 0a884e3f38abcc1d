"""Which call of a turn wrote its answer, and which output tokens were therefore the answer's.

Told from the events alone, so a running turn and a stored one agree:

- The answering call is the one that the last `AnswerChosen` names. Without one it is the last call
  that began to write for `answer`: whoever speaks later has the last word.
- If a chosen call wrote nothing for `answer`, then what it wrote for a hand-off, or else as thinking,
  was the answer after all (a specialist's report, a vote that won), and is counted as such.
- What any other call wrote for `answer` reached nobody: a draft that a cascade gave up, a vote that
  lost. It is work on the way to the answer, and is counted as thinking.

Tokens only change their purpose, so the six purposes still sum to the output exactly.
"""

from collections.abc import Container
from dataclasses import dataclass

from agents.events import AnswerChosen
from agents.message import Purpose
from sessions.call_tally import PURPOSE_FIELDS, CallTally
from sessions.records import CallRecord

PREFERRED: tuple[Purpose, ...] = ("answer", "handoff", "think", "repair", "call", "route")
"""Of what the answering call wrote for several purposes, the first of these is the answer."""


@dataclass(slots=True)
class Answering:
    """Who answers, as far as the events tell: the `last` call that began to, or the one that was `chosen`."""

    last: str = ""
    chosen: AnswerChosen | None = None

    def wrote(self, tally: CallTally) -> None:
        """Take note that a call writes for `answer`; it is the last only when it had not done so before."""
        if not tally.answering:
            self.last = tally.record.call
        tally.answering = True

    def call(self, calls: Container[str]) -> str:
        """Return which of `calls` answers; empty while none does."""
        return self.chosen.call if self.chosen and self.chosen.call in calls else self.last

    def purpose(self, tally: CallTally) -> Purpose:
        """Return for what purpose the answering call wrote the answer."""
        if self.chosen is None or self.chosen.call != tally.record.call:
            return "answer"
        return next((purpose for purpose in PREFERRED if tally.wrote(purpose)), "answer")


def settled(tally: CallTally, answer: Purpose | None) -> CallRecord:
    """Return a copy of a call's record, its tokens counted for what they turned out to be for.

    `answer` is the purpose for which it wrote the answer, or None when another call answers.
    """
    record = tally.copied()
    if answer is None:
        _move(record, "answer", "think")
    elif answer != "answer":
        _move(record, answer, "answer")
    return record


def _move(record: CallRecord, source: Purpose, target: Purpose) -> None:
    old, new = PURPOSE_FIELDS[source], PURPOSE_FIELDS[target]
    setattr(record, new, getattr(record, new) + getattr(record, old))
    setattr(record, old, 0)
