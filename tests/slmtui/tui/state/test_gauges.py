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
