import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sessions.compare import compare
from sessions.comparing.money import Money
from sessions.money import Prices
from sessions.run_records import ArmRecord, AttemptRecord, DataSetRecord, ItemRecord
from sessions.store import Store
from slmtui.cli.comparison_text import comparison_text
from slmtui.cli.printed import wrapped
from tests.sessions.observed import answers
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import HOSTILE, keep_sessions


def test_paradigms_side_by_side_and_paired_by_prompt(slmtui: Slmtui, tmp_path: Path) -> None:
    first, second = keep_sessions(tmp_path / "s.db")
    ran = slmtui("compare", first, second, first, "--db", tmp_path / "s.db")
    spreads, base_and_single, base_and_multi, *_ = ran.out.split("\n\n")[1:]
    rows = {line.split()[0]: line.split() for line in spreads.splitlines()[1:]}
    assert ran.code == 0
    assert rows["METRIC"] == ["METRIC", "BASE", "SINGLE", "MULTI"]
    assert rows["output_tokens"] == ["output_tokens", "1", "2", "3"]
    assert "base and single, mean of an attempt on the same items" in base_and_single
    assert "output_tokens" in base_and_single
    assert "×2.00" in base_and_single
    assert "×3.00" in base_and_multi
    assert "left out of the figures: 1 of base." in ran.out
    assert "Verdicts" not in ran.out


def test_the_figures_as_csv_and_json(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    file = tmp_path / "figures.csv"
    ran = slmtui("compare", first, "--csv", file, "--json", "--db", tmp_path / "s.db")
    figures = json.loads(ran.out)
    assert [arm["arm"] for arm in figures["arms"]] == ["base", "single", "multi"]
    assert figures["scored"] is False
    assert set(figures) - {"about", "seed"} == set(figures["about"])
    rows = [row for row in csv.DictReader(file.open()) if row["metric"] == "output_tokens"]
    assert [row["median"] for row in rows if row["row"] == "arm"] == ["1.0", "2.0", "3.0"]
    ratios = {(row["arm"], row["second"]): row["ratio"] for row in rows if row["row"] == "pair"}
    assert ratios == {("base", "single"): "2.0", ("base", "multi"): "3.0", ("single", "multi"): "1.5"}


def test_a_dash_prints_the_csv_and_nothing_else(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    ran = slmtui("compare", first, "--csv", "-", "--db", tmp_path / "s.db")
    assert ran.out.startswith("row,arm,second,metric,")
    assert len({len(row) for row in csv.reader(ran.out.splitlines())}) == 1
    assert ran.err == ""


def keep_run(path: Path, items: int = 12) -> str:
    """Write a run of three arms, of which base is right on each third item and single on all but one."""
    rights = {"base": lambda n: n % 3 == 0, "single": lambda n: n != 3, "multi": lambda n: n % 3 == 0}
    with Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        asked = [ItemRecord(f"ours/{n}", f"set{n % 2}", f"{HOSTILE} {n}", "{}") for n in range(items)]
        sets = [DataSetRecord(f"set{n}", "Ours", "seed 1", "0" * 64, "MIT", items) for n in range(2)]
        arms = [ArmRecord(name, name) for name in ("single", "multi", "base")]
        run = store.suites.create(f"Ours {HOSTILE}", "slmtui bench ours", {}, arms, sets, asked)
        number = 0
        for arm in run.arms:
            for n, item in enumerate(asked):
                number += 1
                turn, right = turn_id(number), rights[arm.arm](n)
                words = ["Hi"] * (1 + (arm.arm != "base"))
                begun, *rest = whole_turn(
                    turn, arm.session, paradigm=arm.arm, answer=words, joules=2.0, source="measured"
                )
                store.append(arm.session, turn, [replace(begun, factors={"tools": arm.arm}), *rest])
                attempt = AttemptRecord(run.id, arm.arm, item.item, 1, arm.session, turn)
                store.suites.begin(attempt)
                state = "right" if right else "wrong"
                store.suites.finish(replace(attempt, state=state, strict=right, flexible=True))
        return run.id


def test_a_run_is_compared_with_verdicts(slmtui: Slmtui, tmp_path: Path) -> None:
    run = keep_run(tmp_path / "s.db")
    ran = slmtui("compare", run, "--db", tmp_path / "s.db")
    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith(f"run {run} · 36 of 36 attempts so far")
    parts = [part.splitlines()[0] for part in ran.out.split("\n\n")]
    assert parts[1:4] == ["Verdicts:", "What the figures themselves show:", "How attempts ended:"]
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["base", "12", "4", "8", "0", "0", "0", "0"] in lines  # attempts, then one count a state
    assert any(line[:5] == ["single", "3", "1", "8", "0"] for line in lines)  # both, base, single, neither
    assert "- base and multi differ in one factor: tools (base / multi)." in ran.out
    assert "Not enough items to tell base and multi apart: 4 and 4 of 12 right" in ran.out
    assert "base is right and single is not: 1 of 12." in ran.out
    assert "On the Pareto front of accuracy and a resource" in ran.out
    assert "What a right answer costs" in ran.out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out)


def test_lines_of_a_run_fit_eighty_columns(
    slmtui: Slmtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_run(tmp_path / "s.db")
    piped = slmtui("compare", "--run", "last", "--db", tmp_path / "s.db")
    assert max(map(len, piped.out.splitlines())) > 80
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("slmtui.cli.fitted.sys.stdout.isatty", lambda: True, raising=False)
    whole = slmtui("compare", "--run", "last", "--db", tmp_path / "s.db")
    assert max(map(len, whole.out.splitlines())) <= 80


def test_money_is_said_where_there_are_prices(
    slmtui: Slmtui, tmp_path: Path, priced: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_run(tmp_path / "s.db")
    out = slmtui("compare", "--run", "last", "--db", tmp_path / "s.db").out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    # 2 J an attempt at 0.36 a kWh, 4 right of 12; 9 tokens read and 2 written at 1 and 10 a million.
    assert any(line.startswith("base power measured energy 0.20 0.60 (") for line in lines)
    assert any(line.startswith("multi mini the model's own tokens ~29.0 ~87.0 (") for line in lines)
    assert "- A kWh costs 0.36 EUR." in lines
    figures = json.loads(slmtui("compare", "--run", "last", "--json", "--db", tmp_path / "s.db").out)["money"]
    power = next(each for each in figures["costs"] if each["what"] == "power")
    assert power["mean"] == pytest.approx(2 / 3.6e6 * 0.36)
    assert power["per_right"] == pytest.approx(12 / 4 * power["mean"])
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("slmtui.cli.fitted.sys.stdout.isatty", lambda: True, raising=False)
    whole = slmtui("compare", "--run", "last", "--db", tmp_path / "s.db")
    assert max(map(len, whole.out.splitlines())) <= 80


def test_money_of_sessions_is_by_turn_alone(slmtui: Slmtui, tmp_path: Path, priced: None) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    lines = slmtui("compare", first, "--db", tmp_path / "s.db").out.splitlines()
    assert "What a million attempts cost in EUR; ~ is an estimate:" in lines
    assert "RIGHT" not in next(line for line in lines if "PRICE" in line)


def test_without_a_price_one_line_says_how_to_set_one(slmtui: Slmtui, tmp_path: Path) -> None:
    keep_run(tmp_path / "s.db")
    out = slmtui("compare", "--run", "last", "--db", tmp_path / "s.db").out
    said = "- No price is set: [money] in the settings has a tariff of energy and prices of hosted services."
    assert [line for line in out.splitlines() if "price" in line or "EUR" in line] == [said]


def test_a_table_that_is_too_wide_becomes_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    names = [f"single with a long name {letter}" for letter in "abc"]
    observations = [o for name in names for o in answers(name, [True, False])]
    text = comparison_text("Run", compare(observations, []), Money(Prices(), ()))
    assert f"{names[0]}\n  attempts  2\n  right     1" in text
    assert max(len(line) for line in text.splitlines()) <= 90  # a turn's id is never cut


def test_the_figures_of_a_run_are_the_same_for_a_seed(slmtui: Slmtui, tmp_path: Path) -> None:
    run = keep_run(tmp_path / "s.db")
    told = [
        slmtui("compare", run[-8:], "--json", "--seed", seed, "--db", tmp_path / "s.db").out
        for seed in (1, 1, 2)
    ]
    assert told[0] == told[1]
    assert json.loads(told[0])["pairs"] != json.loads(told[2])["pairs"]
    assert len(json.loads(told[0])["pairs"][0]["regressions"]) == 1


def test_all_metrics_are_more(slmtui: Slmtui, tmp_path: Path) -> None:
    run = keep_run(tmp_path / "s.db")
    few, many = (
        slmtui("compare", run, *more, "--db", tmp_path / "s.db").out for more in ([], ["--all-metrics"])
    )
    assert "decode_s" not in few
    assert "context_used" not in few
    assert "context_used" in many
    assert "decode_s" in many
    assert "single and multi, mean of an attempt" not in few
    assert "single and multi, mean of an attempt" in many


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("nothing",), 2, "There is no session 'nothing'"),
        (("--run", "nothing"), 2, "There is no run 'nothing'"),
        (("--run", "last", "last"), 2, "one run is compared at a time"),
        (("last", "--seed", "-1"), 2, "--seed -1: it is 0 or more"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(
    slmtui: Slmtui, tmp_path: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    keep_run(tmp_path / "s.db", items=1)
    ran = slmtui("compare", *args, "--db", tmp_path / "s.db")
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_run_without_attempts_says_so(slmtui: Slmtui, tmp_path: Path) -> None:
    run = keep_run(tmp_path / "s.db", items=0)
    ran = slmtui("compare", run, "--db", tmp_path / "s.db")
    assert (ran.code, ran.out) == (1, "")
    assert f"nothing of the run {run} was attempted yet" in ran.err


def keep_arms(path: Path, arms: dict[str, dict[str, str]]) -> str:
    """Write a session with a turn under each paradigm, of these factors, and return its id."""
    with Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        session = store.create_session()
        for number, (paradigm, factors) in enumerate(arms.items(), 1):
            begun, *rest = whole_turn(turn_id(number), session, paradigm=paradigm)
            store.append(session, turn_id(number), [replace(begun, factors=factors), *rest])
        return session


ARMS = {
    "structured": {"tools": "none", "prompt": "agent's"},
    "single": {"tools": "all", "prompt": "agent's"},
    "base": {"tools": "none", "prompt": "plain"},
}


def test_what_the_paradigms_differ_in_stands_beside_the_figures(slmtui: Slmtui, tmp_path: Path) -> None:
    session = keep_arms(tmp_path / "s.db", ARMS)
    lines = slmtui("compare", session, "--db", tmp_path / "s.db").out.splitlines()
    assert "- structured and single differ in one factor: tools (none / all)." in lines
    assert "- base and structured differ in one factor: prompt (plain / agent's)." in lines
    assert (
        "- base and single differ in 2 factors: tools (none / all), prompt (plain / agent's): their"
        " difference cannot be put down to any one of them."
    ) in lines


def test_the_differences_as_json_and_csv(slmtui: Slmtui, tmp_path: Path) -> None:
    session = keep_arms(tmp_path / "s.db", ARMS)
    file = tmp_path / "figures.csv"
    ran = slmtui("compare", session, "--csv", file, "--json", "--db", tmp_path / "s.db")
    told = {(each["first"], each["second"]): each for each in json.loads(ran.out)["differences"]}
    assert list(told) == [("base", "structured"), ("base", "single"), ("structured", "single")]
    assert told["structured", "single"]["factors"] == [
        {"factor": "tools", "first": ["none"], "second": ["all"]}
    ]
    assert told["structured", "single"]["text"].startswith("structured and single differ in one factor")
    factors = {(row["arm"], row["second"]): row["factors"] for row in csv.DictReader(file.open())}
    assert factors["base", ""] == ""
    assert factors["base", "structured"] == "prompt (plain / agent's)"
    assert factors["base", "single"] == "tools (none / all), prompt (plain / agent's)"


def test_turns_of_an_earlier_version_say_so(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    out = slmtui("compare", first, "--db", tmp_path / "s.db").out
    assert "base and single may differ in any factor: those of base and single were not recorded." in out


def test_a_hostile_factor_stays_on_its_line(slmtui: Slmtui, tmp_path: Path) -> None:
    session = keep_arms(tmp_path / "s.db", {"base": {"x": "1"}, "single": {"x": f"{HOSTILE}\nsecond line"}})
    ran = slmtui("compare", session, "--db", tmp_path / "s.db")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out)
    (line,) = [line for line in ran.out.splitlines() if "differ in one factor" in line]
    assert line.endswith("second line).")


def test_lines_are_as_wide_as_the_terminal() -> None:
    text = "base and single differ in one factor: tools (none / calculator-and-units)."
    lines = wrapped(f"{text}\n\x1b[2J", 30).split("\n")
    assert " ".join(lines) == f"{text} [2J"
    assert max(map(len, lines)) <= 30
    assert wrapped("abc defghij", 5) == "abc\ndefghij"  # a word is never broken
    assert wrapped("a b", 0) == "a\nb"


def test_a_pipe_gets_whole_lines_and_a_terminal_wrapped_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "9")
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert wrapped("one factor differs") == "one factor differs"
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    assert wrapped("one factor differs") == "one\nfactor\ndiffers"


def test_of_pairs_without_the_first_arm_those_of_one_factor_are_told(slmtui: Slmtui, tmp_path: Path) -> None:
    many = {
        "base": {"tools": "none", "prompt": "plain"},
        "single": {"tools": "all", "prompt": "agent's", "roles": "one"},
        "multi": {"tools": "some", "prompt": "agent's", "roles": "many"},
        "multi-flat": {"tools": "some", "prompt": "agent's", "roles": "flat"},
    }
    session = keep_arms(tmp_path / "s.db", many)
    out = slmtui("compare", session, "--db", tmp_path / "s.db").out
    assert "- multi and multi-flat differ in one factor: roles (many / flat)." in out
    assert "- base and multi differ in 3 factors" in out
    assert "single and multi" not in out
    assert "- 2 other pairs of arms differ in several factors: --all-metrics tells which." in out
    whole = slmtui("compare", session, "--all-metrics", "--db", tmp_path / "s.db").out
    assert "- single and multi differ in 2 factors" in whole
    assert "other pairs" not in whole
