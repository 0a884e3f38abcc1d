from dataclasses import replace

import pytest

from agents.events import (
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallStarted,
    Event,
    OriginTokens,
    PrefillProgress,
    TextDelta,
)
from sessions.attributing.cells import InputCell, PathCell
from sessions.ledger import merged
from tests.sessions.ledger_turns import MS, call, ledger, reading, times, tool


def test_a_call_is_laid_out_by_the_engines_own_account() -> None:
    found = ledger(
        call(
            "c", 100, 1000, template=10, queue=20, prefill=300,
            tokens=[440, 540, 940], sampling=60, grammar=40, received=105,
        ),
        end=1100,
    )  # fmt: skip
    # Received at 105, read by 435, and written from then to 940.
    assert times(found, "c") == {
        "idle": 65, "template": 10, "queue": 20, "prefill": 300, "decode": 405, "sampling": 60, "grammar": 40,
    }  # fmt: skip
    assert times(found) == {"idle": 200}


def test_an_account_that_is_longer_than_its_call_is_scaled() -> None:
    found = ledger(call("c", 0, 100, queue=100, prefill=300), end=100)
    assert times(found, "c") == {"queue": 25, "prefill": 75}


def test_calls_at_once_share_every_moment() -> None:
    found = ledger(
        call("a", 0, 400, prefill=100, tokens=[100, 400]),
        call("b", 0, 600, queue=100, prefill=100, tokens=[200, 600]),
        end=600,
    )
    # b queues while a reads, reads while a writes, and is alone at the end.
    assert times(found, "a") == {"prefill": 100, "decode": 150}
    assert times(found, "b") == {"prefill": 50, "decode": 300}


def test_waiting_for_leave_is_idle_and_a_tools_time_is_its_own() -> None:
    asked = ApprovalAsked(0.1, "t", "assistant", "calculator")
    given = ApprovalGiven(0.6, "t", "assistant", "calculator", "once")
    found = ledger(call("c", 0, 100, prefill=100), asked, given, tool("t", 600, 800), end=800)
    assert (times(found, "c"), times(found, "t"), times(found)) == (
        {"prefill": 100}, {"tool": 200}, {"idle": 500},
    )  # fmt: skip
    assert {cell.agent for cell in found.time if cell.state == "tool"} == {"assistant"}


def test_energy_goes_where_it_was_taken() -> None:
    found = ledger(
        call("c", 0, 400, prefill=200, tokens=[200, 400]),
        reading(100, 10.0),
        reading(300, 14.0),
        reading(400, 14.5),
        end=500,
    )
    assert {(c.state, c.joules) for c in found.energy} == {("prefill", 12.0), ("decode", 2.5)}
    assert found.joules("measured", "package") == 14.5


def test_energy_taken_before_the_engine_had_the_call_is_not_its_prefills() -> None:
    asked = call("c", 0, 400, prefill=100, tokens=[200, 250, 300], received=100)
    found = ledger(asked, reading(100, 5.0), reading(200, 6.0), reading(300, 6.0), end=400)
    assert {(c.state, c.joules) for c in found.energy} == {("idle", 5.0), ("prefill", 1.0)}


def test_readings_of_another_source_than_the_last_are_left_out() -> None:
    odd = replace(reading(100, 10.0), source="modelled")
    found = ledger(call("c", 0, 200, prefill=100, tokens=[100, 200]), odd, reading(200, 10.0), end=200)
    assert {(c.state, c.joules) for c in found.energy} == {("prefill", 5.0), ("decode", 5.0)}


def test_a_call_that_was_cut_off_read_until_its_first_token() -> None:
    begun = CallStarted(0.1, "c", "assistant", "answer", (), False, 64)
    delta = TextDelta(0.6, "c", "assistant", "answer", "ab", (0.4, 0.6))
    found = ledger(begun, delta, reading(700, 6.0), end=700)
    assert times(found, "c") == {"prefill": 300, "decode": 200, "idle": 100}
    assert times(found) == {"idle": 100}
    assert [(cell.purpose, cell.tokens) for cell in found.output] == [("answer", 2)]


def test_a_call_that_was_cut_off_in_its_prefill_read_as_far_as_it_told() -> None:
    begun = CallStarted(0.1, "c", "assistant", "answer", (), False, 64)
    found = ledger(begun, PrefillProgress(0.3, "c", 10, 20), end=400)
    assert times(found, "c") == {"prefill": 200, "idle": 100}


def test_a_tool_that_was_cut_off_ran_until_the_end() -> None:
    found = ledger(tool("t", 100, 200)[:1], end=400)
    assert (times(found, "t"), times(found)) == ({"tool": 300}, {"idle": 100})


def test_prompt_tokens_stand_under_their_origins() -> None:
    origins = (OriginTokens("system", 8, 4, 4), OriginTokens("user", 0, 6, 1))
    found = ledger(call("c", 0, 100, prompt=(8, 5, 5), origins=origins, tokens=[50]), end=100)
    assert found.input == (
        InputCell("assistant", "c", "system", 8, 0, 4),
        InputCell("assistant", "c", "user", 0, 5, 1, own=5),
    )


def test_what_has_no_origin_is_unknown_and_not_lost() -> None:
    some = (OriginTokens("user", 3, 5),)
    found = ledger(call("c", 0, 100, prompt=(4, 9, 0), origins=some), end=100)
    assert found.input == (
        InputCell("assistant", "c", "user", 3, 5, 0),
        InputCell("assistant", "c", "unknown", 1, 4, 0),
    )


def test_an_older_turn_does_not_tell_where_avoidable_tokens_come_from() -> None:
    old = (OriginTokens("system", 2, 6), OriginTokens("user", 0, 4))
    found = ledger(call("c", 0, 100, prompt=(2, 7, 3), origins=old), end=100)
    assert found.input == (
        InputCell("assistant", "c", "system", 2, 0, 0),
        InputCell("assistant", "c", "unknown", 0, 7, 3),
    )


def two_calls() -> list[Event]:
    """A router's call, then one that thinks and answers; half of what the latter read was held before."""
    route = call("r", 0, 200, agent="router", purpose="route", prefill=100, prompt=(0, 20, 0), tokens=[150])
    answer = call("a", 200, 800, queue=50, prefill=100, prompt=(20, 10, 10), tokens=[400])
    spoke = TextDelta(0.5, "a", "assistant", "think", "hm", (0.5, 0.6, 0.7))
    done = replace(answer[-1], output_tokens=4, ttft_s=0.2, decode_s=0.3, t=0.8)
    return [*route, *answer[:-1], spoke, done]


def test_overhead_is_what_was_not_the_answer() -> None:
    tokens, seconds = ledger(two_calls(), end=1000).overheads
    # The router's 21; of the answer's 24 the 10 that were read again and the 3 of its thoughts.
    assert (tokens.total, tokens.own, tokens.by_agent) == (45, 11, {"router": 21, "assistant": 13})
    assert tokens.share == 34 / 45
    assert tokens.share_of("router") == 21 / 45
    # Half of its 100 ms of reading, a quarter of its 350 ms of writing.
    assert seconds.own == 50 * MS + 87_500_000
    assert seconds.by_agent == {
        "router": 200 * MS, "assistant": 600 * MS - seconds.own, "": 200 * MS,
    }  # fmt: skip


def test_a_plain_answer_has_no_overhead_in_tokens() -> None:
    tokens, _ = ledger(call("c", 0, 100, prompt=(5, 7, 0), tokens=[50, 100]), end=100).overheads
    assert (tokens.share, tokens.total) == (0.0, 9)


def test_nothing_spent_has_no_share() -> None:
    tokens, seconds = ledger(end=0).overheads
    assert (tokens.share, seconds.share, seconds.share_of("x")) == (None, None, None)


def test_the_critical_path_has_what_ended_last() -> None:
    chosen = AnswerChosen(0.75, "assistant", "a", "2 of 3", 2, 3)
    found = ledger(
        call("first", 0, 100, purpose="call"),
        tool("t", 150, 200),
        call("a", 200, 500),
        call("b", 200, 700),
        call("c", 210, 690),
        chosen,
        end=750,
    )
    assert found.path == (
        PathCell("call", "assistant", "first", "call", 1, 100 * MS),
        PathCell("wait", "", "", "", 1, 50 * MS),
        PathCell("tool", "assistant", "t", "calculator", 1, 50 * MS),
        PathCell("call", "assistant", "b", "answer", 1, 500 * MS),
        PathCell("wait", "", "", "", 1, 50 * MS),
    )
    (both,) = [step for step in merged([found, found]).path if step.kind == "tool"]
    assert (both.steps, both.seconds, both.call) == (2, 0.1, "")


def test_a_cache_saves_tokens_at_the_speed_of_the_longest_prefill() -> None:
    found = ledger(
        call("a", 0, 400, prefill=200, prompt=(0, 100, 0)),
        call("b", 400, 500, prefill=90, prompt=(60, 5, 5), agent="judge"),
        end=500,
    )
    (saved,) = found.cache
    assert (saved.agent, saved.reused, saved.est_reused_ns) == ("judge", 60, 120 * MS)
    assert (saved.avoidable, saved.est_avoidable_ns) == (5, 10 * MS)


@pytest.mark.parametrize("own", [True, False])
def test_only_the_answering_call_has_tokens_of_its_own(own: bool) -> None:
    chosen = AnswerChosen(0.3, "assistant", "a" if own else "b", "the best", 1, 2)
    found = ledger(
        call("a", 0, 100, prompt=(0, 3, 0), tokens=[100]),
        call("b", 100, 200, prompt=(0, 4, 0), tokens=[200]),
        chosen,
        end=300,
    )
    assert {cell.call: cell.own for cell in found.input} == ({"a": 3, "b": 0} if own else {"a": 0, "b": 4})
    assert {cell.call: cell.purpose for cell in found.output} == (
        {"a": "answer", "b": "think"} if own else {"a": "think", "b": "answer"}
    )
