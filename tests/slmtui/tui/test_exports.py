import csv
import json
from pathlib import Path

import pytest

from sessions.store import Store
from slmtui.tui.exports import (
    RUN_ENDINGS,
    SESSION_ENDINGS,
    TURNS_ENDINGS,
    ExportError,
    report_text,
    session_text,
    target,
)
from slmtui.tui.report_reading import Subject
from tests.sessions.comparisons import keep_run
from tests.slmtui.tui.driving import keep_turns


def test_a_file_that_is_there_is_replaced_only_when_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "s.md"
    assert target(f" {path} ", SESSION_ENDINGS).write("one") == f"Wrote {path}."
    with pytest.raises(ExportError, match=r"is there already: name another file, or .*s\.md! to replace it"):
        target(str(path), SESSION_ENDINGS)
    target(f"{path}!", SESSION_ENDINGS).write("two")
    assert path.read_text(encoding="utf-8") == "two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "why"), [("s.txt", r"end it with \.md or"), ("f.md", "is a folder")])
def test_what_cannot_be_written_is_told_before(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "f.md").mkdir()
    with pytest.raises(ExportError, match=why):
        target(str(tmp_path / name), SESSION_ENDINGS)


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    file = target(str(tmp_path / "no" / "s.md"), SESSION_ENDINGS)
    with pytest.raises(ExportError, match=r"No such file or directory\. Name another file."):
        file.write("text")


@pytest.mark.parametrize("name", [f"{'x' * 300}.md", "~nobody-of-this-name/s.md", "file/s.md", "a\0b.md"])
def test_no_name_is_so_odd_that_it_is_not_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="ame another file"):
        target(name if name.startswith("~") else str(tmp_path / name), SESSION_ENDINGS).write("text")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_the_longest_name_that_a_file_may_have_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / f"{'y' * 252}.md"
    target(str(path), SESSION_ENDINGS).write("text")
    assert path.read_text(encoding="utf-8") == "text"


def test_a_session_is_written_as_its_ending_says(store: Store) -> None:
    session = keep_turns(store, "base", "single", prompt="What is 347 * 29?\nQuickly")
    store.tag(session, "sums")
    markdown = session_text(store, session, ".md")
    assert markdown.startswith(f'---\nsession: "{session}"\ntitle: "What is 347 * 29?"\n')
    assert 'tags: ["sums"]' in markdown
    assert "## 2 · Agent\n\n> What is 347 * 29?\n> Quickly\n\n347 × 29 is **10063**.\n\n*agent" in markdown
    assert [row["paradigm"] for row in json.loads(session_text(store, session, ".json"))] == [
        "base",
        "single",
    ]
    rows = list(csv.DictReader(session_text(store, session, ".csv").splitlines()))
    assert [row["paradigm"] for row in rows if row["paradigm"]][:1] == ["base"]


def test_a_run_is_written_as_the_report_command_does(store: Store) -> None:
    subject = Subject(store.path, keep_run(store, 4).id, is_run=True)
    findings = subject.findings()
    begins = dict(
        zip(
            RUN_ENDINGS, ("<!doctype html>", "# base, single, multi", '{\n "about"', "run,item,"), strict=True
        )
    )
    for ending, begin in begins.items():
        assert report_text(subject, findings, ending).startswith(begin)


def test_turns_are_written_as_figures(store: Store) -> None:
    subject = Subject(store.path, keep_turns(store, "base", "single"), is_run=False)
    findings = subject.findings()
    texts = {ending: report_text(subject, findings, ending) for ending in TURNS_ENDINGS}
    assert [arm["arm"] for arm in json.loads(texts[".json"])["arms"]] == ["base", "single"]
    assert {row["arm"] for row in csv.DictReader(texts[".csv"].splitlines())} >= {"base", "single"}
