"""What arms cost in money: the sums of what their attempts cost."""

import math
import re
from dataclasses import replace

import pytest

import slmtui.tui.format
from agents.events import Event
from sessions.compare import compare
from sessions.comparing.money import Counted, Money, counted_tokens, money_of
from sessions.errors import UnknownTurnError
from sessions.money import HostedPrice, Prices, TokenCounts, turn_costs
from sessions.observation import Observation
from sessions.report.data import read_report
from sessions.report.figures import Figures
from sessions.report.money import NOT_SET, money, sentences
from sessions.store import Store
from tests.sessions.comparisons import keep_run
from tests.sessions.observed import answers, drawn, observed

Y, N = True, False
FIGURES = Figures(slmtui.tui.format)
TARIFF = Prices(0.36)
HOSTED = Prices(hosted=(HostedPrice("mini", 1, 10, "letters"),))
BOTH = replace(HOSTED, tariff_per_kwh=0.36)


def paid(observations: list[Observation], prices: Prices, counted: Counted | None = None) -> Money:
    return money_of(compare(observations, [], resamples=200), observations, prices, counted or {})


def test_failures_are_paid_for_by_the_right_answers() -> None:
    observations = answers(
        "base", [Y, N, N, Y] * 5, joules=lambda n: 1e6 * (1 + n % 4), energy_source="measured",
        prompt_tokens=10, output_tokens=2,
    )  # fmt: skip
    power, mini = paid(observations, BOTH).costs
    assert (power.what, power.basis, power.estimate, power.n, power.right) == (
        "power", "measured energy", False, 20, 10,
    )  # fmt: skip
    assert power.mean == pytest.approx(0.25)  # 2.5 MJ at 0.1 a megajoule
    assert power.per_right == pytest.approx(0.5)
    assert power.interval is not None
    assert power.interval.low <= 0.5 <= power.interval.high
    assert (mini.basis, mini.estimate, mini.mean) == ("the model's own tokens", True, pytest.approx(30e-6))
    assert mini.per_right == pytest.approx(60e-6)


def test_the_energy_cost_is_the_comparisons_joules_at_the_tariff() -> None:
    observations = [
        replace(each, values=each.values | {"prompt_tokens": 5})
        for each in drawn({"base": 0.5, "single": 0.7}, 30)
    ]
    comparison = compare(observations, [], resamples=300, seed=3)
    found = money_of(comparison, observations, TARIFF, {}).costs
    for arm, cost in zip(comparison.arms, found, strict=True):
        (joules,) = [each for each in arm.per_right if each.metric == "joules"]
        assert cost.arm == arm.arm
        assert joules.value is not None
        assert joules.interval is not None
        assert cost.interval is not None
        assert cost.per_right == pytest.approx(joules.value * 0.1e-6)
        assert cost.interval.low == pytest.approx(joules.interval.low * 0.1e-6)
        assert cost.interval.high == pytest.approx(joules.interval.high * 0.1e-6)


def test_none_right_is_undefined_and_not_zero() -> None:
    (cost,) = paid(answers("base", [N, N], prompt_tokens=1, output_tokens=1), HOSTED).costs
    assert (cost.per_right, cost.interval, cost.note) == (None, None, "none is right")
    assert cost.mean == pytest.approx(11e-6)


def test_attempts_without_a_figure_are_told_and_not_free() -> None:
    known = answers("base", [Y] * 3, joules=1e6, energy_source="modelled", prompt_tokens=1, output_tokens=1)
    gone = observed("base", "9", True)
    (cost,) = paid([*known, gone], TARIFF).costs
    assert (cost.n, cost.mean, cost.estimate) == (3, pytest.approx(0.1), True)
    assert (cost.per_right, cost.note) == (None, "1 of 4 attempts have no figure")


def test_measured_and_modelled_energy_never_add_up() -> None:
    tokens = {"prompt_tokens": 1, "output_tokens": 1}
    measured = answers("base", [Y, Y], joules=1e6, energy_source="measured", **tokens)
    modelled = answers("base", [Y, Y], "other", joules=3e6, energy_source="modelled", **tokens)
    found = paid([*modelled, *measured], TARIFF).costs
    assert [(each.basis, each.n, each.mean) for each in found] == [
        ("measured energy", 2, pytest.approx(0.1)), ("modelled energy", 2, pytest.approx(0.3)),
    ]  # fmt: skip
    assert all(each.note == "2 of 4 attempts have no figure" for each in found)


def test_tokens_counted_in_the_services_encoding_go_before_the_models_own() -> None:
    observations = answers("base", [Y], prompt_tokens=10, output_tokens=2)
    counted = {observations[0].turn: {"letters": TokenCounts(100, 20, "letters")}}
    (cost,) = paid(observations, HOSTED, counted).costs
    assert (cost.basis, cost.mean) == ("tokens of letters", pytest.approx(300e-6))


def test_unscored_attempts_cost_an_attempt_and_nothing_by_the_right_answer() -> None:
    observations = [observed("base", str(n), prompt_tokens=10, output_tokens=0) for n in range(3)]
    (cost,) = paid(observations, HOSTED).costs
    assert (cost.n, cost.mean, cost.per_right, cost.note) == (3, pytest.approx(10e-6), None, "not scored")


def test_what_a_deleted_turn_said_is_not_counted() -> None:
    def events(turn: str) -> list[Event]:
        raise UnknownTurnError(turn)

    assert counted_tokens(events, ["t"], {"letters": len}) == {}


def test_a_report_pays_for_every_turn_by_the_function_of_a_turn(store: Store) -> None:
    run = keep_run(store, 6)
    report = read_report(store, run.id, prices=BOTH, encodings={"letters": len})
    assert {each.basis for each in report.money.costs} == {"modelled energy", "tokens of letters"}
    counted = counted_tokens(store.events, report.turns, {"letters": len})
    for cost in report.money.costs:
        each = [
            paid.amount
            for turn in report.turns_of(cost.arm)
            for paid in turn_costs(turn, BOTH, counted[turn.turn])
            if paid.what == cost.what
        ]
        assert cost.n == len(each) == 6
        assert cost.mean == pytest.approx(math.fsum(each) / 6)
        assert cost.right == sum(a.state == "right" for a in report.by_arm[cost.arm])
    assert read_report(store, run.id, prices=BOTH, encodings={"letters": len}).money == report.money


def test_the_table_marks_what_is_an_estimate_and_says_whose_tokens_were_counted() -> None:
    known = answers(
        "base", [Y, Y], joules=7.2e4, energy_source="measured", prompt_tokens=1000, output_tokens=200
    )
    found = money(paid(known, BOTH), FIGURES, scored=True)
    assert found.caption.startswith("EUR for a million attempts, and for as many right ones")
    (*power, right), (*mini, estimated) = found.rows
    assert power == ["base", "power", "measured energy", "7 200"]
    assert mini == ["base", "mini", "the model's own tokens", "~3 000"]
    assert re.fullmatch(r"7 200 \(7 200 to \d+ \d{3}\)", right)
    assert re.fullmatch(r"~3 000 \(~3 000 to ~\d+ \d{3}\)", estimated)
    unscored = money(paid(known, BOTH), FIGURES, scored=False)
    assert unscored.rows[0] == ("base", "power", "measured energy", "7 200")


def test_prices_are_said_in_words() -> None:
    assert sentences(Money(Prices(), ())) == (NOT_SET,)
    known = paid(answers("base", [Y], prompt_tokens=1, output_tokens=1), BOTH)
    tariff, no_energy, hosted, estimate = sentences(known)
    assert tariff == "A kWh costs 0.36 EUR."
    assert no_energy == "No energy was read, so there is none to pay for."
    assert hosted == "mini asks 1 EUR a million tokens read and 10 written."
    assert "estimated" in estimate
