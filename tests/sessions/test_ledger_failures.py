import pytest

from agents.events import CallStarted, ContextTrimmed, Event, Limit, LimitReached, Rung, RungTaken
from sessions.attributing.cells import FailureCell
from tests.sessions.ledger_turns import MS, call, ledger, reading, tool

WRITES = {"purpose": "call", "prefill": 50, "prompt": (5, 10, 0), "tokens": [60, 80, 100]}


def cells(*parts: list[Event] | Event, end: int | None = 1000) -> dict[str, FailureCell]:
    """Return the failures of a turn by kind."""
    found = ledger(*parts, end=end).failures
    assert len({cell.kind for cell in found}) == len(found)
    return {cell.kind: cell for cell in found}


def cost(cell: FailureCell) -> tuple[int, ...]:
    return cell.times, cell.calls, cell.tool_calls, cell.prefilled, cell.output, cell.nanoseconds // MS


def first() -> list[Event]:
    """A call of 100 ms that reads 10 tokens and writes 3."""
    return call("c", 0, 100, **WRITES)  # type: ignore[arg-type]


def second() -> list[Event]:
    return call("d", 200, 400, tokens=[300, 400], prompt=(0, 2, 0))


@pytest.mark.parametrize("rung", ["reask", "no_tools"])
def test_a_call_that_was_refused_came_to_nothing(rung: Rung) -> None:
    found = cells(first(), RungTaken(0.1, "assistant", "c", rung, "why"), second())
    assert cost(found[rung]) == cost(found["any"]) == (1, 1, 0, 10, 3, 100)


def test_a_mended_call_cost_nothing() -> None:
    found = cells(first(), RungTaken(0.1, "assistant", "c", "repair", "why"), second())
    assert cost(found["repair"]) == (1, 0, 0, 0, 0, 0)


def test_by_a_fallback_all_that_came_before_is_lost() -> None:
    taken = RungTaken(0.2, "assistant", "c", "fallback", "why")
    found = cells(first(), tool("t", 100, 150), reading(200, 2.0), taken, second(), reading(900, 9.0))
    assert cost(found["fallback"]) == (1, 1, 1, 10, 3, 150)
    assert (found["fallback"].nanojoules, found["fallback"].source) == (1_500_000_000, "measured")


def test_an_error_of_a_tool_costs_its_run_and_the_call_that_asked_for_it() -> None:
    failed = [*tool("t", 100, 150, status="error"), *tool("u", 150, 180, status="error")]
    found = cells(first(), failed, tool("v", 180, 200), second())
    assert cost(found["tool_error"]) == (2, 1, 2, 10, 3, 180)


@pytest.mark.parametrize("limit", ["steps", "repeat", "tool_calls", "text", "joules", "tokens", "seconds"])
def test_a_limit_costs_the_agents_last_call(limit: Limit) -> None:
    other = call("o", 120, 140, agent="judge")
    found = cells(first(), other, LimitReached(0.15, "assistant", limit, "why"), second())
    assert cost(found[f"limit_{limit}"]) == (1, 1, 0, 10, 3, 100)


def test_a_prompt_that_was_trimmed_lost_tokens_and_no_call() -> None:
    started, *rest = first()
    found = cells([started, ContextTrimmed(0.0, "c", 2, 900, 700, 768, "oldest first"), *rest])
    assert (cost(found["trimmed"]), found["trimmed"].trimmed) == ((1, 0, 0, 0, 0, 0), 200)
    assert found["trimmed"].agent == "assistant"


@pytest.mark.parametrize(
    ("reason", "kind"), [("length", "cut"), ("cancelled", "cancelled"), ("failed", "failed")]
)
def test_a_call_that_did_not_end_well_came_to_nothing(reason: str, kind: str) -> None:
    found = cells(call("c", 0, 100, reason=reason, **WRITES))  # type: ignore[arg-type]
    assert set(found) == {kind, "any"}
    assert cost(found[kind]) == (1, 1, 0, 10, 3, 100)


def test_a_choice_of_one_token_is_not_cut_off() -> None:
    assert cells(call("c", 0, 100, reason="length", tokens=[100], max_tokens=1)) == {}
    assert set(cells(call("c", 0, 100, reason="failed", max_tokens=1))) == {"failed", "any"}


def test_what_was_not_heard_to_end_is_unfinished_once_the_turn_has_ended() -> None:
    begun = [CallStarted(0.1, "c", "assistant", "answer", (), False, 64), *tool("t", 500, 600)[:1]]
    assert cells(begun, end=None) == {}
    found = cells(begun)
    assert cost(found["unfinished"]) == (2, 1, 1, 0, 0, 900)


def test_a_call_under_two_kinds_is_counted_once_under_any() -> None:
    cut = call("c", 0, 100, reason="length", **WRITES)  # type: ignore[arg-type]
    found = cells(cut, RungTaken(0.1, "assistant", "c", "reask", "why"), second())
    assert cost(found["cut"]) == cost(found["reask"]) == (1, 1, 0, 10, 3, 100)
    assert cost(found["any"]) == (2, 1, 0, 10, 3, 100)


def test_a_turn_in_which_all_went_well_has_no_failures() -> None:
    assert cells(first(), tool("t", 100, 200), second()) == {}
