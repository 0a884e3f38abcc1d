import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import (
    CallFinished,
    CallStarted,
    Event,
    LimitReached,
    Mark,
    MeterRead,
    NamedChance,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import PURPOSES, Sampling
from sessions.call_tally import ORIGIN_FIELDS
from sessions.records import CallRecord, TurnRecord
from sessions.tally import SUMMED_SECONDS, SUMMED_TOKENS, TurnTally, records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.strategies import ENGINE, TUNED


def purposes_sum(record: TurnRecord | CallRecord) -> int:
    return sum(getattr(record, f"{purpose}_tokens") for purpose in PURPOSES)


@given(ladder_turns())
def test_purposes_sum_to_the_output_and_reused_and_prefilled_to_the_prompt(events: list[Event]) -> None:
    records = records_of(events)
    for record in (records.turn, *records.calls):
        assert purposes_sum(record) == record.output_tokens
        assert record.reused_tokens + record.prefilled_tokens == record.prompt_tokens
        assert sum(getattr(record, name) for name in ORIGIN_FIELDS.values()) == record.prompt_tokens


@given(ladder_turns())
def test_calls_sum_to_the_turn(events: list[Event]) -> None:
    records = records_of(events)
    for name in (*SUMMED_TOKENS, *SUMMED_SECONDS):
        assert getattr(records.turn, name) == math.fsum(getattr(call, name) for call in records.calls)
    assert records.turn.calls == len(records.calls)
    assert records.turn.tool_s == math.fsum(call.seconds for call in records.tool_calls)
    assert records.turn.tool_errors == sum(call.status == "error" for call in records.tool_calls)


@given(ladder_turns())
def test_every_output_token_and_every_text_is_counted_once(events: list[Event]) -> None:
    deltas = [event for event in events if isinstance(event, TextDelta)]
    records = records_of(events)
    assert records.turn.output_tokens == sum(len(delta.times) for delta in deltas)
    for call in records.calls:
        assert call.text == "".join(delta.text for delta in deltas if delta.call == call.call)


@given(ladder_turns())
def test_log_probabilities_are_summed_where_they_were_asked_for(events: list[Event]) -> None:
    for call in records_of(events).calls:
        deltas = [event for event in events if isinstance(event, TextDelta) and event.call == call.call]
        logprobs = [logprob for delta in deltas for logprob in delta.logprobs]
        assert call.logprob_sum == (math.fsum(logprobs) if logprobs else None)


@given(ladder_turns())
def test_marks_are_in_no_text_and_cost_nothing(events: list[Event]) -> None:
    bare = [replace(event, marks=()) if isinstance(event, TextDelta) else event for event in events]
    assert records_of(events) == records_of(bare)


@given(ladder_turns(finished=False))
def test_a_cut_off_turn_is_running_and_its_sums_hold(events: list[Event]) -> None:
    records = records_of(events)
    assert records.turn.status is None
    assert purposes_sum(records.turn) == records.turn.output_tokens
    assert records.turn.reused_tokens + records.turn.prefilled_tokens == records.turn.prompt_tokens
    assert records.turn.wall_s == max(event.t for event in events)


@given(ladder_turns(), st.data())
def test_records_read_on_the_way_are_those_so_far(events: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    live = TurnTally()
    for event in events[:cut]:
        live.add(event)
    before = live.records
    assert before == records_of(events[:cut])
    for event in events[cut:]:
        live.add(event)
    assert live.records == records_of(events)
    assert before == records_of(events[:cut])  # a copy that later events left alone


STARTED = TurnStarted(
    0.0, "T", "S", "single", "hi", "2026-01-02T03:04:05+00:00", Sampling(seed=7), ENGINE, True
)


def delta(
    t: float, text: str, times: tuple[float, ...], *, purpose: str = "answer", call: str = "c"
) -> TextDelta:
    return TextDelta(t, call, "assistant", purpose, text, times)


def finished(t: float, output_tokens: int, *, call: str = "c", **fields: object) -> CallFinished:
    event = CallFinished(
        t=t, call=call, agent="assistant", purpose="answer", finish_reason="stop", prompt_tokens=30,
        reused_tokens=10, prefilled_tokens=20, avoidable_tokens=5, output_tokens=output_tokens, origins=(),
        queue_s=0.01, template_s=0.02, prefill_s=0.5, ttft_s=0.75, decode_s=1.5, sampling_s=0.1,
        grammar_s=0.2, context_used=34, context_size=2048, kv_bytes=4096,
    )  # fmt: skip
    return replace(event, **fields)


def started(t: float, call: str = "c") -> CallStarted:
    return CallStarted(t, call, "assistant", "answer", (), False, 64)


def test_times_of_a_call() -> None:
    events = [
        STARTED,
        started(0.25),
        delta(1.5, "a", (1.0, 1.5)),
        delta(2.5, "b", (2.0, 2.5)),
        finished(2.75, 4),
    ]
    (call,) = records_of(events).calls
    assert call.tpot_s == 0.5  # (2.5 - 1.0) / 3
    assert call.decode_tok_s == 2.0
    assert call.wall_s == 2.5
    assert (call.ttft_s, call.decode_s, call.prefill_s) == (0.75, 1.5, 0.5)
    assert call.finish_reason == "stop"


def test_a_running_call_is_timed_from_its_tokens() -> None:
    (call,) = records_of([STARTED, started(0.25), delta(1.5, "a", (1.0, 1.5))]).calls
    assert (call.ttft_s, call.decode_s, call.wall_s, call.output_tokens) == (0.75, 0.5, 1.25, 2)
    assert call.finish_reason is None


def test_one_token_has_no_time_per_token() -> None:
    (call,) = records_of([STARTED, started(0.0), delta(1.0, "a", (1.0,)), finished(1.0, 1)]).calls
    assert call.tpot_s is None
    assert call.decode_tok_s is None


def test_decode_speed_of_a_turn_weighs_calls_by_their_tokens() -> None:
    events = [
        *(STARTED, started(0.0, "x"), delta(4.0, "a", (1.0, 2.0, 4.0), call="x")),
        finished(4.0, 3, call="x", decode_s=3.0),
        *(started(4.0, "y"), delta(5.0, "b", (5.0,), call="y"), finished(5.0, 1, call="y", decode_s=0.0)),
        *(started(5.0, "z"), finished(6.0, 0, call="z", decode_s=0.0, ttft_s=None)),
    ]  # fmt: skip
    assert records_of(events).turn.decode_tok_s == pytest.approx(2 / 3)


def test_tokens_that_no_delta_told_of_belong_to_the_purpose_of_the_call() -> None:
    (call,) = records_of(
        [STARTED, started(0.0), delta(1.0, "a", (0.5, 1.0), purpose="think"), finished(1.0, 5)]
    ).calls
    assert (call.think_tokens, call.answer_tokens, call.output_tokens) == (2, 3, 5)


def test_the_answer_is_what_the_last_answering_call_wrote_until_the_turn_says() -> None:
    live = TurnTally()
    for event in (STARTED, started(0.0, "x"), delta(1.0, "draft", (1.0,), call="x"), started(2.0, "y")):
        live.add(event)
    assert live.records.turn.answer == "draft"
    live.add(delta(3.0, "fin", (3.0,), call="y"))
    live.add(delta(4.0, "al", (4.0,), call="y"))
    assert live.records.turn.answer == "final"
    live.add(TurnFinished(5.0, "ok", "FINAL"))
    assert live.records.turn.answer == "FINAL"


def test_meter_limits_and_tools() -> None:
    events = [
        STARTED,
        MeterRead(1.0, 100, 300, 0.5, 4.0, "measured"),
        ToolStarted(1.5, "k", "assistant", "calculator", {"expression": "1+1"}),
        ToolFinished(1.75, "k", "assistant", "calculator", "2", "ok", 0.125),
        MeterRead(2.0, 200, 250, 1.5, 10.0, "measured"),
        LimitReached(2.5, "assistant", "steps", "5"),
        LimitReached(2.5, "assistant", "repeat", "again"),
        LimitReached(2.5, "assistant", "steps", "5"),
        TurnFinished(4.0, "ok", "2"),
    ]
    records = records_of(events)
    turn = records.turn
    assert (turn.rss_bytes, turn.peak_rss_bytes, turn.cpu_s) == (200, 300, 1.5)
    assert (turn.joules, turn.energy_source, turn.mean_watts) == (10.0, "measured", 2.5)
    assert turn.limit_reached == "steps, repeat"
    assert records.tool_calls[0].arguments == '{"expression":"1+1"}'
    assert (turn.tool_calls, turn.tool_errors, turn.tool_s) == (1, 0, 0.125)


def test_no_meter_is_none_and_not_zero() -> None:
    turn = records_of(
        [STARTED, MeterRead(1.0, 100, 100, 0.5, None, "none"), TurnFinished(2.0, "ok", "")]
    ).turn
    assert turn.joules is None
    assert turn.mean_watts is None
    assert turn.energy_source == "none"


def test_a_turn_carries_what_it_ran_on() -> None:
    turn = records_of([STARTED]).turn
    assert (turn.model, turn.quantisation, turn.n_ctx, turn.seed, turn.warm) == (
        "tiny",
        "Q4_1",
        2048,
        7,
        True,
    )
    assert (turn.turn, turn.session, turn.paradigm, turn.prompt) == ("T", "S", "single", "hi")


def test_a_turn_carries_how_its_engine_was_set_and_whether_it_was_cold() -> None:
    turn = records_of([replace(STARTED, engine=TUNED, cold=True)]).turn
    assert (turn.n_threads, turn.n_threads_batch, turn.kv_type, turn.flash_attention) == (2, 4, "q8_0", True)
    assert turn.lora == "finance.gguf × 0.5, tools.gguf × 1"
    assert turn.cold
    assert not records_of([STARTED]).turn.cold


def test_a_call_tells_its_likeliest_choice_and_how_sure_it_was() -> None:
    chances = (
        NamedChance("calculator", 0.25),
        NamedChance("dates|datetime", 0.5),
        NamedChance("units", 0.25),
    )
    (call,) = records_of([STARTED, started(0.0), finished(1.0, 0, choices=chances)]).calls
    assert (call.choice, call.choice_probability, call.choice_entropy) == ("dates|datetime", 0.5, 1.5)


def test_a_call_that_was_not_asked_tells_no_choice() -> None:
    (call,) = records_of([STARTED, started(0.0), delta(1.0, "a", (1.0,)), finished(1.0, 1)]).calls
    assert (call.choice, call.choice_probability, call.choice_entropy) == (None, None, None)
    assert call.logprob_sum is None


def test_a_running_call_sums_its_log_probabilities() -> None:
    first = replace(delta(1.0, "a", (0.5, 1.0)), logprobs=(-0.5, -1.0), marks=(Mark(0, "<think>"),))
    (call,) = records_of([STARTED, started(0.0), first, replace(first, logprobs=(0.0, -0.25))]).calls
    assert (call.logprob_sum, call.text) == (-1.75, "aa")
