from hypothesis import given

from agents import events as ev
from agents.budget import Limits
from agents.message import Sampling
from sessions.tally import records_of
from slmtui.backend import TurnRequest
from slmtui.tui.state.budget_guard import Guard, Spending, Spent
from tests.slmtui.tui.scripted import Script, multi_turn
from tests.strategies import turns

LIMITS = Limits(max_steps=5, max_tokens=100, max_seconds=300.0, max_tool_calls=8)


def request(paradigm: str = "single") -> TurnRequest:
    return TurnRequest("s", paradigm, "?", (), Sampling())


def spent(events: list[ev.Event]) -> Spending:
    spending = Spending()
    for event in events:
        spending.add(event)
    return spending


def test_a_turn_is_counted_as_the_agents_count_it() -> None:
    spending = spent(multi_turn(request("multi"), "t"))
    assert (spending.turn.steps, spending.turn.tool_calls) == (1, 1)
    assert spending.agents["math"].steps == 1
    assert spending.joules == 7.9


@given(turns())
def test_tokens_and_tool_calls_are_those_of_the_record(events: list[ev.Event]) -> None:
    spending, record = spent(events), records_of(events).turn
    assert spending.turn.tokens == record.output_tokens
    finished = sum(isinstance(event, ev.ToolFinished) for event in events)
    assert spending.turn.tool_calls == finished
    assert spending.turn.tokens == sum(account.tokens for account in spending.agents.values())


def test_a_warning_from_eighty_per_cent_on_in_a_glyph_and_words() -> None:
    assert Spent("tokens", 79, 100).warning == ""
    assert Spent("tokens", 80, 100).warning == "▲ tokens 80%"
    assert Spent("tokens", 100, 100).warning == "■ tokens used up"
    assert Spent("steps", 4, 5, "math").warning == "▲ math’s steps 80%"


def test_the_fullest_limit_is_the_one_that_is_told() -> None:
    spending = Spending()
    spending.turn.tokens, spending.turn.steps = 84, 1
    assert Guard(LIMITS).warning(spending, 12.0) == "▲ tokens 84%"
    assert Guard(LIMITS).warning(spending, 290.0) == "▲ seconds 97%"
    assert Guard(LIMITS).warning(Spending(), 12.0) == ""


def test_an_agent_s_own_limits_warn_too() -> None:
    spending = spent(Script(request(), "t").call("math", [("answer", "one two three four")]).end())
    assert Guard(LIMITS, Limits(max_tokens=5)).warning(spending, 1.0) == "▲ math’s tokens 80%"
    assert Guard(LIMITS, LIMITS).warning(spending, 1.0) == ""


def test_the_limit_that_ended_a_loop_is_said() -> None:
    spending = spent([ev.LimitReached(1.0, "agent", "tool_calls", "8 tool calls were made")])
    assert Guard(LIMITS).warning(spending, 1.0) == "■ agent ended by tool calls"


def test_joules_are_a_limit_only_where_one_is_set() -> None:
    names = [each.name for each in Guard(LIMITS).bars(Spending(), 0.0)]
    assert names == ["tokens", "seconds", "tool calls", "steps"]
    spending = Spending(joules=9.0)
    bars = Guard(Limits(max_joules=10.0)).bars(spending, 0.0)
    assert ("joules", 9.0, 10.0) in [(each.name, each.spent, each.allowed) for each in bars]


def test_seconds_in_which_the_user_was_waited_for_do_not_count() -> None:
    spending = spent([ev.ApprovalAsked(2.0, "t", "agent", "add_note")])
    assert spending.seconds(10.0) == 2.0
    spending.add(ev.ApprovalGiven(7.0, "t", "agent", "add_note", "once"))
    assert spending.seconds(10.0) == 5.0
