from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.plain import plain
from slmtui.tui.state.log_tail import LONGEST, holding, lines_of, read_tail


def test_a_short_log_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    path.write_text("load: a model\nwarning: slow\n", encoding="utf-8")
    tail = read_tail(path)
    assert (tail.lines, tail.whole, tail.problem) == (("load: a model", "warning: slow"), True, "")


def test_of_a_long_log_only_whole_lines_of_the_end_are_read(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    path.write_text("".join(f"line {n} ß\n" for n in range(1000)), encoding="utf-8")
    tail = read_tail(path, 100)
    assert tail.lines[-1] == "line 999 ß"
    assert tail.lines == tuple(f"line {n} ß" for n in range(1000 - len(tail.lines), 1000))
    assert (tail.read, tail.whole) == (100, False)


def test_ten_megabytes_cost_no_more_than_the_end_of_them(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    with path.open("wb") as file:
        file.truncate(10_000_000)
        file.seek(0, 2)
        file.write(b"\nthe end\n")
    tail = read_tail(path)
    assert tail.lines[-1] == "the end"
    assert tail.read < tail.size


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "no log yet" in read_tail(tmp_path / "none.log").problem
    assert "cannot be read" in read_tail(tmp_path).problem
    assert "no engine" in read_tail(None).problem


def test_a_line_of_100_kb_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    path.write_text("x" * 100_000 + "\nshort\n", encoding="utf-8")
    long, short = read_tail(path).lines
    assert (len(long), long[-1], short) == (LONGEST + 1, "…", "short")


@given(st.binary(max_size=300))
def test_whatever_a_log_holds_is_drawn_plain(data: bytes) -> None:
    for whole in (True, False):
        assert all(line == plain(line) and "\n" not in line for line in lines_of(data, whole=whole))


def test_lines_are_filtered_in_capitals_or_not() -> None:
    lines = ("Load", "warning", "LOADED")
    assert holding(lines, "load") == ("Load", "LOADED")
    assert holding(lines, "") == lines
