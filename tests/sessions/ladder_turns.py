"""Hypothesis strategies for turns in which agents fail, ask, choose and skip, beside what `turns()` draws."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from agents.events import (
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallSkipped,
    CallStarted,
    Decision,
    Event,
    Limit,
    LimitReached,
    OriginTokens,
    Rung,
    RungTaken,
    ToolFinished,
    ToolStarted,
    TurnStarted,
)
from agents.message import PURPOSES, Origin
from tests.strategies import TEXTS, turns

COUNTS = st.integers(0, 500)
FACTORS = st.dictionaries(
    st.sampled_from(["tools", "examples", "think"]), st.sampled_from(["on", "off"]) | TEXTS
)


@st.composite
def ladder_turns(
    draw: st.DrawFn, *, finished: bool = True, texts: st.SearchStrategy[str] = TEXTS
) -> list[Event]:
    told = [_enriched(draw, event) for event in draw(turns(finished=finished, texts=texts))]
    calls = [event.call for event in told if isinstance(event, CallStarted)] or ["lost"]
    events: list[Event] = told[:1]
    for event in told[1:]:
        events += _asked(draw, event) if isinstance(event, ToolStarted) else []
        events.append(event)
        if isinstance(event, CallFinished) and draw(st.booleans()):
            events.append(_step(draw, event.t, draw(st.sampled_from(calls)), texts))
    return events


def _enriched(draw: st.DrawFn, event: Event) -> Event:
    match event:
        case TurnStarted():
            return replace(event, factors=draw(FACTORS))
        case CallStarted():
            shown = draw(st.lists(TEXTS, max_size=3).map(tuple))
            return replace(event, model=draw(st.sampled_from(["", "router"])), tools=shown)
        case CallFinished():
            return replace(event, origins=_origins(draw, event))
        case ToolFinished():
            return replace(event, cut_tokens=draw(COUNTS))
        case _:
            return event


def _origins(draw: st.DrawFn, event: CallFinished) -> tuple[OriginTokens, ...]:
    """Return the prompt of a call split by origin, each in at most one part; some calls tell of no origin."""
    names = draw(st.lists(st.sampled_from(get_args(Origin)), unique=True))
    parts = []
    reused, prefilled = event.reused_tokens, event.prefilled_tokens
    for number, name in enumerate(names, 1):
        last = number == len(names)
        some, others = (reused, prefilled) if last else (draw(_up_to(reused)), draw(_up_to(prefilled)))
        parts.append(OriginTokens(name, some, others))
        reused, prefilled = reused - some, prefilled - others
    return tuple(parts)


def _up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def _asked(draw: st.DrawFn, event: ToolStarted) -> list[Event]:
    """Return a question about a call of a tool with its answer, or nothing."""
    if draw(st.booleans()):
        return []
    who = (event.t, event.tool_call, event.agent, event.name)
    decision = draw(st.sampled_from(get_args(Decision)))
    return [ApprovalAsked(*who, event.arguments), ApprovalGiven(*who, decision)]


def _step(draw: st.DrawFn, t: float, call: str, texts: st.SearchStrategy[str]) -> Event:
    reason = draw(texts)
    votes = draw(st.integers(1, 5))
    event: Event = draw(
        st.sampled_from(
            [
                RungTaken(t, "agent", call, draw(st.sampled_from(get_args(Rung))), reason),
                AnswerChosen(t, "agent", call, reason, votes, 5),
                CallSkipped(t, "judge", draw(st.sampled_from(PURPOSES)), reason, draw(COUNTS), draw(COUNTS)),
                LimitReached(t, "agent", draw(st.sampled_from(get_args(Limit))), reason),
            ]
        )
    )
    return event
