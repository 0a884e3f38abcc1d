import statistics
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.events import Event
from sessions.columns import UNITS
from sessions.compare import METRICS, Comparison, Figure, compare
from sessions.records import TurnRecord
from sessions.tally import records_of
from tests.strategies import turns

TURN = TurnRecord("T", "S", "base", "hello", "2026-01-02T03:04:05Z", status="ok", model="tiny")


def made(paradigm: str, *values: float | None, metric: str = "wall_s", **fixed: object) -> list[TurnRecord]:
    return [replace(TURN, paradigm=paradigm, **{metric: value}, **fixed) for value in values]


def figure(comparison: Comparison, paradigm: str, metric: str, source: str = "") -> Figure:
    found = next(each for each in comparison.paradigms if each.paradigm == paradigm).figure(metric, source)
    assert found is not None
    return found


def test_median_quartiles_and_range() -> None:
    found = figure(compare(made("base", 4.0, 1.0, 2.0, 3.0, 10.0)), "base", "wall_s")
    assert (found.n, found.median, found.q1, found.q3) == (5, 3.0, 2.0, 4.0)
    assert (found.minimum, found.maximum, found.unit) == (1.0, 10.0, "s")


def test_one_turn_is_its_own_median_and_quartiles() -> None:
    found = figure(compare(made("base", 2.5)), "base", "wall_s")
    assert {found.median, found.q1, found.q3, found.minimum, found.maximum} == {2.5}


def test_ratios_are_of_medians_and_base_comes_first() -> None:
    comparison = compare([*made("multi", 6.0), *made("single", 3.0, 5.0), *made("base", 2.0, 2.0)])
    assert [each.paradigm for each in comparison.paradigms] == ["base", "multi", "single"]
    ratios = [figure(comparison, name, "wall_s").ratio for name in ("base", "single", "multi")]
    assert ratios == [1.0, 2.0, 3.0]


def test_without_base_there_is_no_ratio() -> None:
    comparison = compare(made("single", 3.0))
    found = figure(comparison, "single", "wall_s")
    assert (found.ratio, found.ratio_note) == (None, "no turns under base")
    assert any("no turns under base" in note for note in comparison.notes)


@pytest.mark.parametrize(
    ("base", "metric", "note"),
    [
        (0.0, "wall_s", "base is 0"),
        (0, "tool_calls", "base is 0"),
        (0.0004, "prefill_s", "base is below 0.001 s"),
        (None, "ttft_s", "base has no value"),
    ],
)
def test_nothing_is_divided_by_nothing(base: float | None, metric: str, note: str) -> None:
    comparison = compare([*made("base", base, metric=metric), *made("single", 3, metric=metric)])
    found = figure(comparison, "single", metric)
    assert (found.ratio, found.ratio_note) == (None, note)


def test_energy_of_two_sources_never_mixes() -> None:
    measured, modelled = {"metric": "joules", "energy_source": "measured"}, {"energy_source": "modelled"}
    comparison = compare(
        [
            *made("base", 2.0, **measured),
            *made("single", 4.0, 6.0, **measured),
            *made("single", 100.0, metric="joules", **modelled),
            *made("multi", 7.0, metric="joules", **modelled),
        ]
    )
    assert figure(comparison, "single", "joules", "measured").median == 5.0
    assert figure(comparison, "single", "joules", "measured").ratio == 2.5
    assert figure(comparison, "single", "joules", "modelled").median == 100.0
    assert figure(comparison, "multi", "joules", "modelled").ratio_note == "base has no modelled energy"
    assert comparison.paradigms[0].figure("joules") is None
    assert any("measured, modelled" in note for note in comparison.notes)


def test_turns_that_did_not_end_ok_are_counted_and_left_out() -> None:
    slow = made("base", 99.0, status="cancelled") + made("base", 98.0, status=None)
    comparison = compare([*made("base", 1.0), *slow])
    assert comparison.paradigms[0].turns == 3
    assert comparison.paradigms[0].statuses == {"ok": 1, "cancelled": 1, "running": 1}
    assert figure(comparison, "base", "wall_s").n == 1
    assert any(note.endswith("figures: 2.") for note in comparison.notes)


def test_notes_name_what_makes_a_comparison_unfair() -> None:
    comparison = compare([*made("base", 1.0), *made("single", 1.0, prompt="other", model="big", n_threads=8)])
    notes = " ".join(comparison.notes)
    assert "model is big, tiny" in notes
    assert "n_threads is 0, 8" in notes
    assert "same prompts" in notes
    assert compare([*made("base", 1.0), *made("single", 2.0)]).notes == ()


def test_nothing_compares_to_nothing() -> None:
    assert compare([]) == Comparison((), ())


SETTINGS = {
    "position", "context_size", "parameters", "n_ctx", "n_threads", "gpu_layers", "seed", "temperature",
    "top_k", "top_p", "min_p", "repeat_penalty", "warm", "n_threads_batch", "flash_attention",
    "cold",
}  # fmt: skip


def test_every_number_of_a_turn_is_a_metric_or_a_setting() -> None:
    numbers = {
        item.name for item in fields(TurnRecord) if item.type in {int, float, bool, int | None, float | None}
    }
    assert set(METRICS) | SETTINGS == numbers
    assert not set(METRICS) & SETTINGS
    assert all(name in UNITS for name in METRICS)


@given(st.lists(turns(), max_size=6))
def test_figures_lie_within_what_was_seen(drawn: list[list[Event]]) -> None:
    records = [records_of(events).turn for events in drawn]
    comparison = compare(records)
    assert sum(each.turns for each in comparison.paradigms) == len(records)
    for each in comparison.paradigms:
        assert sum(each.statuses.values()) == each.turns
        for found in each.figures:
            assert 0 < found.n <= each.statuses["ok"]
            assert found.minimum <= found.q1 <= found.median <= found.q3 <= found.maximum
            values = [
                getattr(record, found.metric)
                for record in records
                if record.paradigm == each.paradigm
                and record.status == "ok"
                and getattr(record, found.metric) is not None
                and found.source in {"", record.energy_source}
            ]
            assert (found.n, found.median) == (len(values), statistics.median(values))
            assert (found.ratio is None) == bool(found.ratio_note)


def test_cold_turns_and_other_engines_are_told_apart() -> None:
    other = replace(TURN, paradigm="single", cold=True, kv_type="q8_0", lora="finance.gguf × 1")
    notes = compare([TURN, other]).notes
    for told in ("cold is no, yes.", "kv_type is f16, q8_0.", "lora is none, finance.gguf × 1."):
        assert f"Turns of several kinds are compared: {told}" in notes
    assert not any("flash_attention" in note for note in notes)
