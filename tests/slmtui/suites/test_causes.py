from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from agents.events import (
    AgentStarted,
    AnswerChosen,
    CallFinished,
    CallStarted,
    Event,
    FinishReason,
    HandOff,
    Limit,
    LimitReached,
    Rung,
    RungTaken,
    Status,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from agents.message import Purpose
from slmtui.suites.bundled.answers import number, text
from slmtui.suites.causes import CAUSES, cause_of, tool_right
from slmtui.suites.item import NO_TOOL, Called, Expected, ExpectedCall, Item, OfferedTool, Outcome
from slmtui.suites.offered import offered_box
from slmtui.suites.outcomes import outcome_of
from tools.calculator import CALCULATOR
from tools.registry import Toolbox
from tools.units import UNITS

TOOLS = Toolbox([CALCULATOR, UNITS])
SUM = Item("a", "bundled", "What is 20 plus 16?", number(36), "calculator")
PARIS = Item("b", "bundled", "What is the capital of France?", text("Paris"), NO_TOOL)
PROBLEM = Item("c", "gsm8k", "Twenty and sixteen apples: how many?", number(36))


@dataclass(frozen=True)
class Turn:
    """A turn to be told in events; `calls` are those of the model, by purpose and how they ended."""

    answer: str = "It is 36."
    status: Status = "ok"
    called: tuple[Called, ...] = ()
    calls: tuple[tuple[Purpose, FinishReason], ...] = (("answer", "stop"),)
    routed: tuple[str, ...] = ()
    rungs: tuple[Rung, ...] = ()
    limits: tuple[Limit, ...] = ()
    more: Sequence[Event] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        told: list[Event] = [AgentStarted(0.0, "agent", "20 plus 16")]
        told += [HandOff(0.1, "agent", name, "20 plus 16") for name in self.routed]
        told += [RungTaken(0.2, "agent", "c0", rung, "it was mended") for rung in self.rungs]
        for n, call in enumerate(self.called):
            told.append(ToolStarted(0.3, f"t{n}", call.agent, call.name, call.arguments))
            status = "error" if call.error else "ok"
            told.append(ToolFinished(0.4, f"t{n}", call.agent, call.name, call.result, status, 0.1))
        told += [LimitReached(0.5, "agent", limit, "it went on") for limit in self.limits]
        for n, (purpose, reason) in enumerate(self.calls):
            told += _call(f"c{n}", purpose, reason, self.answer)
        return [*told, *self.more, TurnFinished(2.0, self.status, self.answer)]


def _call(call: str, purpose: Purpose, reason: FinishReason, written: str) -> list[Event]:
    times = tuple(1.0 + n / 10 for n in range(3))
    tokens = len(times)
    return [
        CallStarted(0.6, call, "agent", purpose, (), False, 64),
        TextDelta(1.2, call, "agent", purpose, written, times),
        CallFinished(
            1.3, call, "agent", purpose, reason, 10, 0, 10, 0, tokens, (), 0.0, 0.0, 0.1, 0.1, 0.2, 0.0, 0.0,
            13, 512, 0,
        ),
    ]  # fmt: skip


def called(expression: str, result: str, *, name: str = "calculator", error: bool = False) -> Called:
    return Called("agent", name, {"expression": expression}, result, error)


RIGHT = Turn(called=(called("20 + 16", "36"),))
UNIT = called("20 + 16", "no such argument", name="convert_units", error=True)


@pytest.mark.parametrize(
    ("cause", "turn"),
    [
        ("failed", replace(RIGHT, status="failed")),
        ("failed", replace(RIGHT, status="cancelled", answer="")),
        ("mis-route", replace(RIGHT, answer="Six", called=(), routed=("converter",))),
        ("cut", replace(RIGHT, answer="It", calls=(("answer", "length"),))),
        ("cut", replace(RIGHT, answer="It", called=(), calls=(("call", "length"), ("answer", "stop")))),
        (
            "misreported",
            replace(RIGHT, answer="63", calls=(("route", "length"), ("think", "length"), ("answer", "stop"))),
        ),
        ("invalid call", replace(RIGHT, answer="5", rungs=("repair",))),
        ("invalid call", replace(RIGHT, answer="5", called=(UNIT,))),
        ("no tool", replace(RIGHT, answer="It is 35.", called=())),
        ("no tool", replace(RIGHT, answer="It", called=(), calls=(("answer", "length"),))),
        (
            "wrong tool",
            replace(RIGHT, answer="5", called=(replace(UNIT, arguments=dict(UNITS.examples[0].arguments)),)),
        ),
        ("tool error", replace(RIGHT, answer="5", called=(called("20 +", "cannot be read", error=True),))),
        ("wrong arguments", replace(RIGHT, answer="4", called=(called("20 - 16", "4"),))),
        ("loop", replace(RIGHT, answer="4", limits=("repeat",))),
        ("empty", replace(RIGHT, answer=" ")),
        ("misreported", replace(RIGHT, answer="It is 63.")),
    ],
)
def test_the_cause_is_the_first_thing_that_went_wrong(cause: str, turn: Turn) -> None:
    assert cause_of(SUM, turn.events, TOOLS, "multi") == cause
    assert cause in CAUSES


def test_of_several_signs_the_earliest_is_the_cause() -> None:
    turn = Turn("", called=(UNIT,), limits=("steps",), rungs=("reask",))
    order = []
    for changed in (
        turn,
        replace(turn, rungs=(), called=()),
        replace(turn, rungs=(), called=(called("1", "1"),)),
        replace(turn, rungs=(), called=(called("36", "36"),)),
        replace(turn, rungs=(), called=(called("36", "36"),), limits=()),
    ):
        order.append(cause_of(SUM, changed.events, TOOLS, "single"))
    assert order == ["invalid call", "no tool", "wrong arguments", "loop", "empty"]
    assert [list(CAUSES).index(cause) for cause in order] == sorted(map(list(CAUSES).index, order))


@pytest.mark.parametrize(
    ("turn", "cause"),
    [
        (Turn("Lyon"), "wrong words"),
        (Turn("Ly", calls=(("answer", "length"),)), "cut"),
        (replace(RIGHT, answer="Lyon"), "wrong tool"),
        (Turn(""), "empty"),
    ],
)
def test_where_no_tool_is_right_none_may_be_called(turn: Turn, cause: str) -> None:
    assert cause_of(PARIS, turn.events, TOOLS, "single") == cause


@pytest.mark.parametrize("paradigm", ["base", "vote", "structured"])
def test_an_arm_without_tools_is_not_blamed_for_calling_none(paradigm: str) -> None:
    assert cause_of(SUM, Turn("35").events, TOOLS, paradigm) == "wrong words"
    assert cause_of(SUM, Turn("3", calls=(("answer", "length"),)).events, TOOLS, paradigm) == "cut"


@pytest.mark.parametrize(
    ("turn", "cause"),
    [
        (Turn("35"), "wrong words"),
        (replace(RIGHT, answer="35"), "misreported"),
        (Turn("4", called=(called("20 - 16", "4"),)), "wrong arguments"),
        (Turn("4", called=(called("20 -", "no", error=True),)), "tool error"),
        (Turn("3", calls=(("answer", "length"),)), "cut"),
    ],
)
def test_where_the_right_tool_is_not_known_every_call_counts(turn: Turn, cause: str) -> None:
    assert cause_of(PROBLEM, turn.events, TOOLS, "multi") == cause
    assert cause_of(PROBLEM, replace(turn, routed=("converter",)).events, TOOLS, "multi") == cause


def test_another_tool_whose_result_holds_the_answer_is_not_the_cause() -> None:
    other = Called("agent", "convert_units", {"value": 36, "from_unit": "m", "to_unit": "m"}, "36 m = 36 m")
    assert cause_of(SUM, Turn("63", called=(other,)).events, TOOLS, "single") == "misreported"


def test_an_agent_that_is_handed_the_task_is_no_wrong_specialist() -> None:
    turn = Turn("5", routed=("agent",))
    assert cause_of(SUM, turn.events, TOOLS, "cascade") == "no tool"


def test_specialists_with_every_tool_cannot_be_the_wrong_ones() -> None:
    turn = Turn("5", routed=("converter",))
    assert cause_of(SUM, turn.events, TOOLS, "multi-union") == "no tool"


WEATHER = OfferedTool("weather", "Tells the weather.", {"type": "object", "properties": {"at": {}}})
OFFERED = Item(
    "d",
    "bfcl",
    "The weather in Oslo?",
    Expected("calls", calls=(ExpectedCall("weather", {"at": ("Oslo",)}),)),
    "weather",
    offered=(WEATHER,),
)


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [({"at": "Rome"}, "wrong arguments"), ({"in": "Oslo"}, "invalid call"), (None, "no tool")],
)
def test_of_calls_that_are_compared_themselves(arguments: dict[str, Any] | None, cause: str) -> None:
    calls = () if arguments is None else (Called("agent", "weather", arguments, "Done."),)
    box = offered_box(OFFERED.offered)
    assert cause_of(OFFERED, Turn("Done.", called=calls).events, box, "single") == cause


@pytest.mark.parametrize(
    ("item", "names", "right"),
    [
        (SUM, ("calculator",), True),
        (SUM, ("convert_units", "calculator"), False),
        (SUM, (), False),
        (PARIS, (), True),
        (PARIS, ("calculator",), False),
        (PROBLEM, ("calculator",), None),
        (PROBLEM, (), None),
        (replace(SUM, tool="table_figure"), ("query_table",), True),
        (replace(SUM, tool="query_table"), ("table_figure",), False),
        (replace(SUM, tool="query_table"), ("query_table",), True),
    ],
)
def test_the_first_tool_is_the_right_one_or_not(
    item: Item, names: tuple[str, ...], right: bool | None
) -> None:
    calls = tuple(called("1", "1", name=name) for name in names)
    assert tool_right(item, Outcome("36", "ok", calls)) is right


def test_what_came_of_a_turn_is_read_from_its_events() -> None:
    outcome = outcome_of(RIGHT.events)
    assert outcome == Outcome("It is 36.", "ok", RIGHT.called)


def test_a_turn_without_an_end_was_interrupted() -> None:
    outcome = outcome_of(RIGHT.events[:-1])
    assert (outcome.status, outcome.answer) == ("interrupted", "It is 36.")


@pytest.mark.parametrize(
    ("calls", "more", "cut"),
    [
        ((("answer", "length"),), [], True),
        ((("route", "length"), ("think", "length"), ("answer", "stop")), [], False),
        ((("handoff", "length"), ("think", "stop")), [AnswerChosen(1.9, "agent", "c0", "it will do")], True),
        ((("answer", "length"), ("answer", "stop")), [AnswerChosen(1.9, "agent", "c0", "agreed")], True),
        ((("answer", "length"), ("answer", "stop")), [AnswerChosen(1.9, "agent", "c1", "agreed")], False),
    ],
)
def test_an_answer_is_cut_where_the_call_that_wrote_it_was(
    calls: tuple[tuple[Purpose, FinishReason], ...], more: list[Event], cut: bool
) -> None:
    assert outcome_of(Turn(calls=calls, more=more).events).cut is cut
