import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sessions.store import Store
from slmtui.cli.printed import wrapped
from tests.sessions.scripted import turn_id, whole_turn
from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import HOSTILE, keep_sessions


def test_paradigms_side_by_side_with_ratios_to_base(slmtui: Slmtui, tmp_path: Path) -> None:
    first, second = keep_sessions(tmp_path / "s.db")
    ran = slmtui("compare", first, second, first, "--db", tmp_path / "s.db")
    rows = {line.split()[0]: line for line in ran.out.splitlines() if line}
    assert ran.code == 0
    assert rows["METRIC"].split() == ["METRIC", "BASE", "RATIO", "SINGLE", "RATIO", "MULTI", "RATIO"]
    assert rows["output_tokens"].split() == ["output_tokens", "1", "×1.00", "2", "×2.00", "3", "×3.00"]
    assert "1 ok, 1 failed" in rows["turns"]
    assert "left out of the figures: 1" in ran.out


def test_the_figures_as_csv_and_json(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    file = tmp_path / "figures.csv"
    ran = slmtui("compare", first, "--csv", file, "--json", "--db", tmp_path / "s.db")
    figures = json.loads(ran.out)
    assert [paradigm["paradigm"] for paradigm in figures["paradigms"]] == ["base", "single", "multi"]
    rows = [row for row in csv.DictReader(file.open()) if row["metric"] == "output_tokens"]
    assert [row["median"] for row in rows] == ["1.0", "2.0", "3.0"]
    assert [row["ratio_to_base"] for row in rows] == ["1.0", "2.0", "3.0"]


def test_a_dash_prints_the_csv_and_nothing_else(slmtui: Slmtui, tmp_path: Path) -> None:
    first, _ = keep_sessions(tmp_path / "s.db")
    ran = slmtui("compare", first, "--csv", "-", "--db", tmp_path / "s.db")
    assert ran.out.startswith("paradigm,turns,")
    assert len({len(row) for row in csv.reader(ran.out.splitlines())}) == 1
    assert ran.err == ""


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
    assert "structured and single differ in one factor: tools (none / all)." in lines
    assert "base and structured differ in one factor: prompt (plain / agent's)." in lines
    assert (
        "base and single differ in 2 factors: tools (none / all), prompt (plain / agent's): their difference"
        " cannot be put down to any one of them."
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
    factors = {row["paradigm"]: row["factors"] for row in csv.DictReader(file.open())}
    assert factors == {
        "base": "",
        "structured": "prompt (plain / agent's)",
        "single": "tools (none / all), prompt (plain / agent's)",
    }


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
