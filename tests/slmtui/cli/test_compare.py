import csv
import json
from pathlib import Path

from tests.slmtui.cli.conftest import Slmtui
from tests.slmtui.cli.kept import keep_sessions


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
