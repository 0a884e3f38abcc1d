from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sessions.money import HostedPrice, Prices, TokenCounts
from sessions.records import TurnRecord
from slmtui.tui.state.cost_line import (
    SEPARATOR,
    cost_line,
    energy_scope,
    memory_kinds,
    pack,
    short_cost,
)
from slmtui.tui.state.cost_table import ENERGY, METRICS, WIDTH, cost_table
from slmtui.tui.state.money_rows import money_note, money_rows

RECORD = TurnRecord(
    turn="t", session="s", paradigm="single", prompt="", started_at="", status="ok", wall_s=12.6, ttft_s=0.42,
    decode_tok_s=31.8, calls=3, tool_calls=1, prompt_tokens=1204, reused_tokens=900, prefilled_tokens=304,
    output_tokens=386, peak_rss_bytes=2_100_000_000, joules=41.0, energy_source="measured",
    context_used=1590, context_size=8192,
)  # fmt: skip


def test_the_line_under_an_answer() -> None:
    tokens = "agent · 3 calls · 1 tool · ↑1 204 (900 reused) ↓386"
    assert cost_line(RECORD) == f"{tokens} · TTFT 0.42 s · 31.8 tok/s · 12.6 s · 2.1 GB · 41.0 J"


def test_an_estimate_is_marked_and_no_meter_is_said() -> None:
    assert "~41.0 J" in cost_line(replace(RECORD, energy_source="modelled"))
    assert cost_line(replace(RECORD, joules=None, energy_source="none")).endswith("no meter")


def test_what_was_not_measured_is_left_out() -> None:
    bare = TurnRecord(turn="t", session="s", paradigm="base", prompt="", started_at="", calls=1)
    assert cost_line(bare) == "base · 1 call · ↑0 ↓0 · 0 ms · no meter"


def test_the_short_line_tells_the_context() -> None:
    assert short_cost(RECORD).endswith("ctx 19%")


@given(st.integers(1, 120))
def test_figures_are_never_torn(width: int) -> None:
    lines = pack(cost_line(RECORD), width)
    assert SEPARATOR.join(lines) == cost_line(RECORD)
    assert all(cell_len(line) <= width or SEPARATOR not in line for line in lines)


def test_medians_are_of_the_turns_that_ended_well_by_paradigm() -> None:
    records = [
        replace(RECORD, paradigm="base", output_tokens=10),
        replace(RECORD, paradigm="base", output_tokens=30),
        replace(RECORD, paradigm="base", output_tokens=9999, status="cancelled"),
        replace(RECORD, output_tokens=7),
    ]
    row = next(line for line in cost_table(RECORD, records) if line.startswith("output tok"))
    assert row.split()[2:] == ["386", "20", "7", "–"]


def test_a_median_is_never_of_measured_and_estimated_energy_together() -> None:
    measured = replace(RECORD, joules=10.0)
    modelled = replace(RECORD, joules=99.0, energy_source="modelled")
    assert ENERGY.cell([measured, modelled, modelled]) == "10.0"
    assert ENERGY.cell([modelled]) == "~99.0"
    assert ENERGY.cell([replace(RECORD, joules=None, energy_source="none")]) == "–"


def test_every_line_of_the_table_has_its_width_and_the_paradigm_is_marked() -> None:
    table = cost_table(
        RECORD, [RECORD], money_rows(Prices(0.3, "EUR", (HostedPrice("cheap", 0.1, 0.2),)), {})
    )
    assert {len(line) for line in table} == {WIDTH}
    assert len(table) == 1 + len(METRICS) + 2 + 1
    assert table[-1].split() == ["turns", "–", "1", "–"]
    assert table[0].split() == ["last", "Base", "▸Agent", "Multi"]
    assert cost_table(None, [])[0].split()[0] == "now"


def test_a_control_takes_the_column_of_the_paradigm_with_the_fewest_turns_never_that_of_base() -> None:
    control = replace(RECORD, paradigm="vote", output_tokens=1100)
    multi = replace(RECORD, paradigm="multi")
    table = cost_table(control, [control, multi, multi, RECORD])
    assert table[0].split() == ["last", "Base", "Multi", "▸Vote"]
    assert next(line for line in table if line.startswith("output tok")).split()[2:] == [
        "1",
        "100",
        "–",
        "386",
        "1",
        "100",
    ]
    assert cost_table(control, [control])[0].split() == ["last", "Base", "Agent", "▸Vote"]
    assert {len(line) for line in table} == {WIDTH}


def test_rungs_have_rows_where_any_was_taken() -> None:
    labels = [line.split("  ")[0].strip() for line in cost_table(RECORD, [replace(RECORD, reasks=2)])]
    assert "re-asks" in labels
    assert not {"repairs", "fallbacks"} & set(labels)
    assert "repairs" in "".join(cost_table(replace(RECORD, repairs=1), []))
    assert "repairs" not in "".join(cost_table(None, []))


def test_money_is_shown_for_a_million_turns_where_there_are_prices() -> None:
    prices = Prices(0.36, "EUR", (HostedPrice("gpt-4o-mini", 1.0, 2.0, "o200k_base"),))
    power, hosted = money_rows(prices, {})
    assert power.cell([RECORD]) == "4.10"  # 41 MJ are 11.4 kWh
    assert power.cell([replace(RECORD, energy_source="modelled")]) == "~4.10"
    assert hosted.cell([RECORD]) == "~1 976"
    assert (power.label, hosted.label) == ("power*", "gpt-4o-m…*")
    assert money_rows(Prices(), {}) == ()
    assert "tariff_per_kwh" in money_note(Prices(), RECORD, {})[1][0]


def test_hosted_tokens_are_those_that_were_counted_and_the_note_says_whose_they_are() -> None:
    prices = Prices(0.36, "EUR", (HostedPrice("mini", 1.0, 2.0, "o200k_base"),))
    counted = {"t": {"o200k_base": TokenCounts(1000, 300, "o200k_base")}}
    _, hosted = money_rows(prices, counted)
    assert hosted.cell([RECORD]) == "~1 600"
    assert hosted.cell([replace(RECORD, turn="other")]) == "~1 976"
    word, lines = money_note(prices, RECORD, counted)
    assert word == "EUR for a million such turns"
    assert " ".join(lines) == "mini* tokens of o200k_base"
    assert all(len(line) <= WIDTH for line in lines)
    assert "the model's own tokens" in " ".join(money_note(prices, RECORD, {})[1])
    assert list(money_note(prices, None, {})[1]) == []


def test_what_the_joules_are_of_with_the_idle_power_where_it_was_measured() -> None:
    measured = replace(RECORD, energy_scope="1 processor package, all processes", idle_watts=7.9)
    assert energy_scope(measured) == "1 processor package, all processes; 7.90 W when idle"
    assert energy_scope(replace(measured, idle_watts=None)) == "1 processor package, all processes"
    modelled = replace(RECORD, energy_scope="of 5 W", energy_source="modelled", idle_watts=5)
    assert energy_scope(modelled) == "of 5 W"


def test_memory_by_kind() -> None:
    apart = replace(RECORD, rss_anon_bytes=314_000_000, rss_file_bytes=98_000_000)
    assert memory_kinds(apart) == "own 314 MB · files 98 MB"
    assert memory_kinds(replace(apart, kv_bytes=41_000_000)) == "own 314 MB (KV 41 MB) · files 98 MB"
    assert memory_kinds(RECORD) == ""
