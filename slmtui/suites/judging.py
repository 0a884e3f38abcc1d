"""The judgement of an attempt: the one state that it ended in, and why it is not right."""

from collections.abc import Sequence
from dataclasses import replace

from agents.events import Event
from agents.paradigms import PARADIGMS
from sessions.run_records import AttemptRecord, AttemptState
from slmtui.suites.causes import cause_of, tool_right
from slmtui.suites.item import Item, Outcome, Score
from slmtui.suites.outcomes import outcome_of
from slmtui.suites.scorers import refused, score
from tools.registry import Toolbox


def judged(
    attempt: AttemptRecord, item: Item, events: Sequence[Event], tools: Toolbox, paradigm: str
) -> AttemptRecord:
    """Return an attempt with its score, from all the events of its turn.

    `tools` are those that the turn had. `strict` is true of the state `right` alone, and neither reading is
    right of a turn that failed. Raises `SuiteError` where a scorer of the user's fails.
    """
    outcome = outcome_of(events)
    scored = score(item, outcome)
    state = state_of(item, outcome, scored)
    return replace(
        attempt,
        state=state,
        strict=state == "right",
        flexible=scored.flexible and state not in ("failed", "empty"),
        tool_right=tool_right(item, outcome) if has_tools(paradigm) else None,
        extracted=scored.extracted,
        cause="" if state == "right" else cause_of(item, events, tools, paradigm),
    )


def has_tools(paradigm: str) -> bool:
    """Whether agents of an arm may call tools at all: where they cannot, none is right or wrong."""
    return "tools" in PARADIGMS[paradigm].factors


def state_of(item: Item, outcome: Outcome, scored: Score) -> AttemptState:
    """Return the state of an answer: the first that holds of failed, empty, right, cut, refused and wrong.

    An answer that is right though it was cut or refuses more than it must is right. Where calls are asked
    for, these say something without any words.
    """
    if outcome.status != "ok":
        return "failed"
    if not outcome.answer.strip() and not (item.expected.kind == "calls" and outcome.called):
        return "empty"
    if scored.strict:
        return "right"
    if outcome.cut:
        return "cut"
    return "refused" if refused(outcome.answer) else "wrong"
