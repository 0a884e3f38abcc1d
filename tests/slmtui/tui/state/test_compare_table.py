from dataclasses import replace

from agents import events as ev
from agents.message import Sampling
from sessions.money import HostedPrice, Prices
from slmtui.backend import TurnRequest
from slmtui.comparing.rounds import Over, Said
from slmtui.tui.state.compare_state import CompareState
from slmtui.tui.state.compare_table import Cell, Row, Table, compare_table
from tests.slmtui.tui.scripted import Script
from tests.slmtui.tui.state.test_compare_state import AGAIN, ARMS, FIRST, answer, answered, new


def row(state: CompareState, label: str, *, shared: bool = False, prices: Prices | None = None) -> list[str]:
    table = compare_table(state, prices or Prices(), shared=shared)
    return [cell.written for each in table.rows if each.label == label for cell in each.cells]


def test_the_baseline_has_figures_and_the_others_what_they_are_of_it() -> None:
    table = compare_table(answered(), Prices(), shared=False)
    assert table.head == ("base (baseline)", "single", "multi")
    assert table.title == "one answer of every arm"
    assert row(answered(), "tokens in") == ["▲ 120", "890 ×7.4", "1 470 ×12.2"]
    assert row(answered(), "calls") == ["▲ 1", "2 ×2.0", "4 ×4.0"]


def test_of_equal_figures_none_is_the_best() -> None:
    assert row(answered(), "tok/s") == ["33.3", "33.3 ×1.00", "33.3 ×1.00"]


def test_beside_each_other_seconds_and_joules_are_estimates() -> None:
    assert row(answered(), "time", shared=True)[0] == "▲ ~0.77 s"
    assert row(answered(), "time")[0] == "▲ 0.77 s"
    assert row(answered(), "tokens in", shared=True)[0] == "▲ 120"
    assert row(answered(), "energy J", shared=True)[0] == "▲ ~1.50"  # modelled: marked once


def test_arms_of_one_engine_share_its_memory_and_those_of_others_do_not() -> None:
    state = answered()
    state.answers[FIRST, "single"].live.tally.add(
        ev.MeterRead(9.0, 1, 999_000_000, 1.0, None, "none", "", None, None, None)
    )
    assert row(state, "memory") == ["~420 MB", "~999 MB ×2.4", "~420 MB ×1.00"]
    state.arms = tuple(replace(arm, model=arm.arm) for arm in ARMS)
    assert row(state, "memory") == ["▲ 420 MB", "999 MB ×2.4", "▲ 420 MB ×1.00"]


def test_a_measured_and_a_modelled_energy_are_not_divided() -> None:
    state = new()
    state.begin(FIRST, ARMS)
    answer(state, FIRST, "base", "multi")
    request = TurnRequest("s", "single", "What?", (), Sampling())
    events = (
        Script(request, "t").call("agent", [("answer", "x y")]).meter(joules=3.0, source="measured").end()
    )
    for event in events:
        state.take(Said("single", event))
    state.take(Over("single"))
    assert row(state, "energy J") == ["~1.50", "3.00", "~7.90 ×5.3"]


def test_figures_are_medians_over_the_rounds_that_every_arm_answered() -> None:
    state = answered(FIRST, AGAIN)
    third = replace(FIRST, repeat=3)
    state.begin(third, ARMS)
    answer(state, third, "base")
    table = compare_table(state, Prices(), shared=False)
    assert table.title == "median of the 2 rounds that every arm answered"
    assert row(state, "calls")[0] == "▲ 1"


def test_an_arm_that_never_answered_has_no_figure_and_takes_none_from_the_others() -> None:
    state = new()
    state.begin(FIRST, ARMS)
    answer(state, FIRST, "base", "single")
    state.take(Over("multi", "no memory"))
    assert row(state, "tokens in") == ["▲ 120", "890 ×7.4", "–"]
    title = compare_table(state, Prices(), shared=False).title
    assert title == "one answer of every arm, but for 1 that answered none"


def test_arms_that_never_answered_the_same_say_so() -> None:
    state = new()
    for of, arms in ((FIRST, ("base",)), (AGAIN, ("single",))):
        state.begin(of, ARMS)
        answer(state, of, *arms)
    assert compare_table(state, Prices(), shared=False).title.startswith("not the same rounds")


def test_a_failed_turn_is_no_figure() -> None:
    state = answered()
    found = state.answers[FIRST, "base"].live
    found.view.status = "failed"
    assert row(state, "tokens in")[0] == "–"


def test_marks_are_counted_and_the_most_of_them_marked() -> None:
    state = answered(FIRST, AGAIN)
    assert row(state, "right") == row(state, "better") == []
    state.say_better(1)
    state.say_right(1, True)
    state.say_right(0, False)
    assert row(state, "better") == ["0 of 1", "▲ 1 of 1", "0 of 1"]
    assert row(state, "right") == ["0 of 1", "▲ 1 of 1", "–"]


def test_prices_add_rows() -> None:
    prices = Prices(0.36, "EUR", (HostedPrice("mini", 0.1, 0.4),))
    assert row(answered(), "power*", prices=prices)[0].startswith("▲ ~")
    assert row(answered(), "mini*", prices=prices)[0].startswith("▲ ~")


def test_while_names_are_hidden_nothing_is_told() -> None:
    state = answered()
    state.blind = True
    table = compare_table(state, Prices(), shared=False)
    assert table.head == ("?", "?", "?")
    assert table.rows == ()
    assert "base" not in table.draw().plain


def test_columns_are_as_wide_as_they_need_wide_signs_included() -> None:
    table = Table("t", ("模型", "b"), (Row("x", (Cell("1", best=True), Cell("22 ×3.0"))),))
    lines = table.draw().plain.split("\n")
    assert lines == ["t", "   模型        b", "x   ▲ 1  22 ×3.0"]


def test_an_event_of_nobody_is_no_figure() -> None:
    state = answered()
    before = compare_table(state, Prices(), shared=False)
    state.take(Said("base", ev.LimitReached(0.0, "a", "tokens", "b")))
    assert compare_table(state, Prices(), shared=False) == before
