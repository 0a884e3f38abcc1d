import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agents.events import (
    AgentStarted,
    Event,
    HandOff,
    RungTaken,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from agents.helps import Helps
from slmtui.backend import TurnRequest
from slmtui.settings import SettingsError
from tests.benchmarks.agent_items import NO_TOOL, Expected, Item, number, text
from tests.benchmarks.agent_judge import CAUSES, judge
from tests.benchmarks.agent_outcomes import Called, Outcome, outcome_of
from tests.benchmarks.agent_results import Block, Conditions, Result, Results, digest_of_code
from tests.benchmarks.agent_runs import run_block, settings_for
from tests.benchmarks.agent_scoring import score
from tests.benchmarks.agent_tables import cells, print_failures, print_tables, wilson
from tools.calculator import CALCULATOR
from tools.registry import Toolbox
from tools.units import UNITS

TOOLS = Toolbox([CALCULATOR, UNITS])
SUM = Item("a", "requests", "calculator", "What is 20 plus 16?", "calculator", number(36))
PARIS = Item("b", "requests", "none", "What is the capital of France?", NO_TOOL, text("Paris"))
DAYS = ("Monday", "Tuesday", "Sunday")
WEEKDAY = Expected("word", "Sunday", among=DAYS)
LIST = Expected("sequence", "fig, lime, pear", among=("fig", "lime", "pear"))


@pytest.mark.parametrize(
    ("answer", "expected", "strict", "flexible"),
    [
        ("15% of 240 is 36.", number(36), True, True),
        ("36 is 15% of 240", number(36), False, True),
        ("The total is $1,344.00", number(1344), True, True),
        ("It is -4.", number(-4), True, True),
        ("That is 20-16, or 4", number(4), True, True),
        ("He has three left.", number(3), True, True),
        ("360", number(36), False, False),
        ("3.6", number(36), False, False),
        ("", number(0), False, False),
        ("26.2 miles are 42.16 km", number(42.1648, 2e-3), True, True),
        ("26.2 miles are 42 km", number(42.1648, 2e-3), False, False),
        ("It is 46 days from 2024-01-15 to 2024-03-01.", number(46), True, True),
        ("There are 46 days between 15 January 2024 and March 1, 2024.", number(46), True, True),
        ("2024-01-20 and 45 days make 2024-03-05", Expected("date", "2024-03-05"), True, True),
        ("It is the 5th of March, 2024.", Expected("date", "2024-03-05"), True, True),
        ("March 5th 2024 comes after 2024-01-20", Expected("date", "2024-03-05"), False, True),
        ("It is 2024-02-31.", Expected("date", "2024-03-02"), False, False),
        ("1976-07-04 is a sunday", WEEKDAY, True, True),
        ("A Monday or a Sunday", WEEKDAY, False, True),
        ("lemming comes before lemon", Expected("first", "lemming", among=("lemon", "lemming")), True, True),
        ("lemon, not lemming", Expected("first", "lemming", among=("lemon", "lemming")), False, True),
        ("From pear, fig and lime: fig, lime, pear.", LIST, True, True),
        ("fig, lime, pear. That was pear", LIST, False, True),
        ("pear, fig, lime", LIST, False, False),
        ("The caretaker is ulla\nBrandt.", text("Ulla Brandt"), True, True),
        ("Abelard", text("Abel"), False, False),
        ("A library has books.", text("book"), True, True),
        ("The code is 5,518.", text("5518"), True, True),
    ],
)
def test_answers_are_compared_by_their_kind(
    answer: str, expected: Expected, strict: bool, flexible: bool
) -> None:
    scored = score(answer, expected)
    assert (scored.strict, scored.flexible) == (strict, flexible)


def called(expression: str, result: str, *, name: str = "calculator", error: bool = False) -> Called:
    return Called("agent", name, {"expression": expression}, result, error)


RIGHT = Outcome("It is 36.", "ok", "", (called("20 + 16", "36"),))
UNIT = called("20 + 16", "no such argument", name="convert_units", error=True)


def test_a_right_answer_with_the_right_tool() -> None:
    judged = judge(SUM, RIGHT, "single", TOOLS)
    assert (judged.right, judged.tool, judged.valid, judged.called, judged.cause) == (
        True,
        True,
        True,
        True,
        "",
    )
    assert judged.signs == ()


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("failed", replace(RIGHT, status="failed")),
        ("mis-route", replace(RIGHT, answer="Six", called=(), routed=("converter",))),
        ("cut", replace(RIGHT, answer="It", cut=("answer",))),
        ("cut", replace(RIGHT, answer="It", called=(), cut=("call",))),
        ("misreported", replace(RIGHT, answer="It is 63.", cut=("route", "think"))),
        ("invalid call", replace(RIGHT, answer="5", rungs=("repair",))),
        ("invalid call", replace(RIGHT, answer="5", called=(UNIT,))),
        ("no tool", replace(RIGHT, answer="It is 35.", called=())),
        (
            "wrong tool",
            replace(RIGHT, answer="5", called=(replace(UNIT, arguments=UNITS.examples[0].arguments),)),
        ),
        ("tool error", replace(RIGHT, answer="5", called=(called("20 +", "cannot be read", error=True),))),
        ("wrong arguments", replace(RIGHT, answer="4", called=(called("20 - 16", "4"),))),
        ("loop", replace(RIGHT, answer="4", limits=("repeat",))),
        ("empty", replace(RIGHT, answer=" ")),
        ("misreported", replace(RIGHT, answer="It is 63.")),
    ],
)
def test_the_cause_of_a_failure_is_the_first_thing_that_went_wrong(cause: str, outcome: Outcome) -> None:
    judged = judge(SUM, outcome, "multi", TOOLS)
    assert not judged.right
    assert judged.cause == cause
    assert judged.valid == (cause != "invalid call" and "call" not in outcome.cut)


def test_without_the_right_tool_an_answer_may_be_right_but_the_tool_is_not() -> None:
    judged = judge(SUM, replace(RIGHT, called=()), "base", TOOLS)
    assert judged.right
    assert not judged.tool
    assert not judged.called


@pytest.mark.parametrize(
    ("outcome", "right", "tool", "cause"),
    [
        (Outcome("Paris", "ok", ""), True, True, ""),
        (Outcome("Lyon", "ok", ""), False, True, "wrong words"),
        (replace(RIGHT, answer="Paris"), False, False, "wrong tool"),
    ],
)
def test_where_no_tool_is_right_none_may_be_called(
    outcome: Outcome, right: bool, tool: bool, cause: str
) -> None:
    judged = judge(PARIS, outcome, "single", TOOLS)
    assert (judged.right, judged.tool, judged.cause) == (right, tool, cause)


def test_an_agent_that_is_handed_the_task_is_no_wrong_specialist() -> None:
    outcome = replace(RIGHT, answer="5", called=(), routed=("agent",))
    assert judge(SUM, outcome, "cascade", TOOLS).cause == "no tool"


def test_specialists_with_every_tool_cannot_be_the_wrong_ones() -> None:
    outcome = replace(RIGHT, answer="5", called=(), routed=("converter",))
    assert judge(SUM, outcome, "multi-union", TOOLS).cause == "no tool"


def test_every_cause_that_is_found_is_explained() -> None:
    assert set(judge(SUM, replace(RIGHT, answer=""), "single", TOOLS).signs) <= set(CAUSES)


def turn(answer: str = "It is 36.") -> tuple[Event, ...]:
    """A turn of two agents, with a call that was mended."""
    return (
        AgentStarted(0.0, "supervisor", "20 plus 16"),
        HandOff(0.1, "supervisor", "mathematician", "20 plus 16"),
        AgentStarted(0.1, "mathematician", "20 plus 16"),
        RungTaken(0.2, "mathematician", "c1", "repair", "the name calcluator was mended"),
        ToolStarted(0.2, "t1", "mathematician", "calculator", {"expression": "20 + 16"}),
        ToolFinished(0.3, "t1", "mathematician", "calculator", "36", "ok", 0.1),
        HandOff(0.4, "mathematician", "supervisor", "36"),
        TextDelta(0.5, "c2", "supervisor", "answer", answer, (0.45, 0.5)),
        TurnFinished(0.6, "ok", answer),
    )


def test_what_came_of_a_turn_is_read_from_its_events() -> None:
    outcome = outcome_of(turn())
    assert outcome.answer == "It is 36."
    assert outcome.called == (Called("mathematician", "calculator", {"expression": "20 + 16"}, "36", False),)
    assert outcome.routed == ("mathematician",)
    assert outcome.rungs == ("repair",)
    assert outcome.figures["answer_tokens"] == 2
    assert outcome.figures["wall_s"] == 0.6


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(8, 10, 0.490, 0.943), (0, 20, 0.0, 0.161), (20, 20, 0.839, 1.0)]
)
def test_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


CONDITIONS = Conditions("embedded", 1, 256, 2, ("votes=3",), "abc")


def test_results_are_read_back_and_those_of_other_conditions_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "below" / "results.jsonl"
    results = Results.read(path, CONDITIONS)
    results.add(Result("single", SUM, RIGHT, CONDITIONS))
    results.add(Block("single", "requests", 1, 2.5, CONDITIONS))
    with path.open("ab") as file:
        file.write(b'\n{"turn": {"parad')  # a run that was killed
    again = Results.read(path, CONDITIONS)
    assert again.turns == results.turns
    assert again.blocks == results.blocks
    again.add(Result("base", SUM, RIGHT, CONDITIONS))
    assert len(Results.read(path, CONDITIONS).turns) == 2
    other = Results.read(path, replace(CONDITIONS, seed=2))
    assert not other.turns
    assert other.others == 3


class Scripted:
    """A backend that answers every prompt alike, and counts them and its loadings."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.started = self.unloaded = 0

    async def start(self, progress: Callable[[float], None]) -> None:
        self.started += 1

    async def unload(self) -> None:
        self.unloaded += 1

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[Event, None]:
        self.asked.append(request.prompt)
        for event in turn():
            await asyncio.sleep(0)
            yield event


async def test_what_is_in_the_file_is_not_run_again(tmp_path: Path) -> None:
    backend, path = Scripted(), tmp_path / "results.jsonl"
    items = [replace(SUM, id=str(n)) for n in range(5)]
    await run_block(backend, "multi", items[:3], Results.read(path, CONDITIONS))
    assert len(backend.asked) == 3
    results = Results.read(path, CONDITIONS)
    await run_block(backend, "multi", items, results)
    await run_block(backend, "multi", items, results)
    assert len(backend.asked) == 5
    assert [block.turns for block in results.blocks] == [3, 2]
    assert backend.started == backend.unloaded == 2


def test_the_tables_tell_of_answers_costs_and_failures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = Results.read(tmp_path / "results.jsonl", CONDITIONS)
    results.add(Result("multi", SUM, outcome_of(turn()), CONDITIONS))
    results.add(Result("multi", PARIS, outcome_of(turn("Lyon")), CONDITIONS))
    results.add(Result("multi", replace(SUM, id="of another split"), RIGHT, CONDITIONS))
    made = cells(results, ["base", "multi"], {"requests": [SUM, PARIS], "svamp": []}, TOOLS)
    print_tables(results, made)
    print_failures(made, 10)
    printed = capsys.readouterr().out
    assert [cell.paradigm for cell in made] == ["multi"]
    assert "50.0 %" in printed
    assert "repair 2" in printed
    assert "multi, b: mis-route + invalid call + wrong tool" in printed
    assert "answered: 'Lyon'" in printed


def test_switches_set_helps_and_settings(tmp_path: Path) -> None:
    conditions = replace(CONDITIONS, switches=("engine.batch=64", "examples=0", "think=on"))
    settings = settings_for(tmp_path, conditions, None, 1)
    assert settings.engine.batch == 64
    assert settings.limits.max_tokens == CONDITIONS.max_tokens
    assert settings.agents.help.helps() == replace(Helps(), examples=0, think=True)


@pytest.mark.parametrize("switch", ["nothing=1", "examples=many", "engine.size=1"])
def test_a_switch_that_there_is_not_is_told_of(switch: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing|examples|size"):
        settings_for(tmp_path, replace(CONDITIONS, switches=(switch,)), None, 1)


def test_the_digest_changes_with_the_code(tmp_path: Path) -> None:
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "one.py").write_text("a = 1\n")
    before = digest_of_code(tmp_path, ["agents"])
    assert before == digest_of_code(tmp_path, ["agents"])
    (tmp_path / "agents" / "one.py").write_text("a = 2\n")
    assert before != digest_of_code(tmp_path, ["agents"])
