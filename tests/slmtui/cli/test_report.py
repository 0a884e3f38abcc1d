import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sessions.store import Store
from slmtui.cli.report import report
from tests.sessions.comparisons import keep_run
from tests.slmtui.cli.conftest import Slmtui

Reporting = Callable[..., Result]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "s.db"
    with Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        keep_run(store, 6)
    return path


@pytest.fixture
def reporting(db: Path) -> Reporting:
    """Run `slmtui report` with these arguments."""
    app = typer.Typer()
    app.command("report")(report)
    return lambda *args: CliRunner().invoke(app, [*map(str, args), "--db", str(db)])


def test_the_ending_of_the_file_says_what_it_is(reporting: Reporting, tmp_path: Path) -> None:
    for name, begins in (
        ("r.html", "<!doctype html>"),
        ("r.HTM", "<!doctype html>"),
        ("r.md", "# base, single, multi on mine, yours"),
        ("r.json", '{\n "about"'),
        ("r.csv", "run,item,repeat,"),
    ):
        ran = reporting("last", "-o", tmp_path / name)
        assert ran.exit_code == 0, ran.output
        assert ran.stdout == ""
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_format_goes_before_the_ending(reporting: Reporting, tmp_path: Path) -> None:
    assert reporting("last", "-o", tmp_path / "r.txt", "--format", "json").exit_code == 0
    assert "about" in json.loads((tmp_path / "r.txt").read_text(encoding="utf-8"))
    ran = reporting("last", "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(ran.stdout)))) == 6


def test_an_ending_that_says_nothing_is_refused(reporting: Reporting, tmp_path: Path) -> None:
    ran = reporting("last", "-o", tmp_path / "report.txt")
    assert ran.exit_code == 2
    assert "report.txt does not say what to write; add --format, one of html, md, json, csv" in ran.stderr
    assert not (tmp_path / "report.txt").exists()


def test_without_a_file_it_is_printed_with_its_charts(reporting: Reporting) -> None:
    ran = reporting("last")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("base, single, multi on mine, yours\n\nVerdicts:\n- ")
    for said in (
        "What a right answer costs",
        "Accuracy in % (O)",
        "Output tokens by purpose",
        "% of attempts that",
    ):
        assert said in ran.stdout
    assert "\x1b" not in ran.stdout
    assert max(map(len, ran.stdout.split("Accuracy in % (O)")[1].splitlines())) <= 100


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_nothing_is_wider_than_the_terminal(
    db: Path, slmtui: Slmtui, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("slmtui.cli.fitted.sys.stdout.isatty", lambda: True, raising=False)
    lines = slmtui("report", "last", "--db", db).out.splitlines()
    assert len(lines) > 100
    assert max(map(len, lines)) <= columns


def test_standard_output_gets_the_markdown_alone(reporting: Reporting) -> None:
    ran = reporting("last", "-o", "-")
    assert ran.stdout.startswith("# base")
    assert "Accuracy in % (O)" not in ran.stdout


def test_the_figures_are_those_of_the_seed(reporting: Reporting) -> None:
    first, again, other = (reporting("last", "--format", "json", "--seed", seed).stdout for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert json.loads(other)["comparison"]["seed"] == 2


def test_a_run_that_does_not_exist_is_told_in_one_line(reporting: Reporting) -> None:
    ran = reporting("01NOSUCH")
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1
    assert "01NOSUCH" in ran.stderr
