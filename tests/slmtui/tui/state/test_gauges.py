from hypothesis import given

from agents import events as ev
from slmtui.tui.state.gauges import Gauges, Prefill
from tests.strategies import turns


def delta(*times: float) -> ev.TextDelta:
    return ev.TextDelta(times[-1], "c", "base", "answer", "x", times)


def test_rates_are_tokens_a_second_in_half_seconds_with_the_gaps() -> None:
    gauges = Gauges()
    for event in (delta(1.0, 1.1, 1.2), delta(2.6)):
        gauges.add(event)
    assert gauges.rates == [6.0, 0.0, 0.0, 2.0]


def test_a_prefill_is_shown_until_the_first_token() -> None:
    gauges = Gauges()
    gauges.add(ev.PrefillProgress(0.1, "c", 128, 512))
    assert gauges.prefill == Prefill("c", 128, 512, 0.1, (0.1, 128))
    gauges.add(delta(0.5))
    assert gauges.prefill is None


def test_the_speed_of_a_prefill_leaves_out_what_was_reused() -> None:
    gauges = Gauges()
    gauges.add(ev.PrefillProgress(0.5, "c", 1000, 2000))
    assert gauges.prefill is not None
    assert (gauges.prefill.share, gauges.prefill.tok_s) == (0.5, None)
    gauges.add(ev.PrefillProgress(1.5, "c", 1256, 2000))
    gauges.add(ev.PrefillProgress(2.5, "c", 1512, 2000))
    assert gauges.prefill.tok_s == 256
    gauges.add(ev.PrefillProgress(3.0, "another", 128, 300))
    assert gauges.prefill.tok_s is None


@given(turns())
def test_every_token_is_in_one_bucket(events: list[ev.Event]) -> None:
    gauges = Gauges()
    for event in events:
        gauges.add(event)
    told = sum(len(event.times) for event in events if isinstance(event, ev.TextDelta))
    assert sum(gauges.rates) * 0.5 == told


def test_a_speed_line_has_equal_buckets_from_the_turn_s_start_and_only_those_that_are_over() -> None:
    gauges = Gauges()
    for event in (delta(1.0, 1.1, 1.2), delta(2.6)):
        gauges.add(event)
    assert gauges.speed_line(1.6, 38) == [0.0, 0.0]
    assert gauges.speed_line(1.8, 38) == [0.0, 0.0, 6.0]
    assert gauges.speed_line(3.0, 2) == [0.0, 0.0]
    gauges.add(ev.TurnFinished(2.7, "ok", "x"))
    assert gauges.speed_line(2.7, 38) == [0.0, 0.0, 6.0, 0.0, 0.0, 2.0]


def test_a_memory_line_has_equal_buckets_whenever_the_meters_were_read() -> None:
    gauges = Gauges()
    for t, rss in ((0.6, 100), (0.9, 300), (2.2, 200)):
        gauges.add(ev.MeterRead(t, rss, rss, 0.0, None, "none"))
    assert gauges.memory_line(3.2, 38) == [300, 300, 300, 200, 200]
    assert gauges.memory_line(3.2, 2) == [200, 200]
    assert gauges.memory_line(0.1, 38) == []


@given(turns())
def test_a_line_never_changes_behind_its_end(events: list[ev.Event]) -> None:
    gauges = Gauges()
    drawn: list[float] = []
    for event in events:
        if not isinstance(event, ev.TurnFinished):
            gauges.add(event)
            line = gauges.speed_line(event.t, 10_000)
            assert len(line) >= len(drawn)
            drawn = line
