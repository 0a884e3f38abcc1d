from pathlib import Path

import pytest

from slmtui.suites.item import Expected, Item, Outcome, Score
from slmtui.suites.scorers import score
from slmtui.suites.scorers.functions import user_function
from slmtui.suites.suite import SuiteError


def scored(answer: str, kind: str, value: str) -> Score:
    return score(Item("item-7", "set", "?", Expected(kind, value)), Outcome(answer, "ok"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "strict", "flexible"),
    [("order AB-12.", True, True), ("ab-12", False, True), ("AB12", False, False)],
)
def test_a_pattern_is_found_as_it_is_or_whatever_the_case(answer: str, strict: bool, flexible: bool) -> None:
    result = scored(answer, "regex", r"[A-Z]{2}-\d+")
    assert (result.strict, result.flexible) == (strict, flexible)
    assert result.extracted.upper() == ("AB-12" if flexible else "")


def test_a_pattern_that_would_never_end_is_told_of() -> None:
    with pytest.raises(SuiteError, match="item-7 took longer than 1 s"):
        scored("a" * 200 + "b", "regex", r"^(a|aa)+$")


@pytest.mark.parametrize(
    ("pattern", "why"), [("a" * 1_001, "1,001 characters"), ("(", "no regular expression")]
)
def test_a_pattern_that_is_none_is_told_of(pattern: str, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        scored("a", "regex", pattern)


def test_only_the_beginning_of_an_answer_is_looked_at() -> None:
    assert scored("." * 19_999 + "x", "regex", "x").strict
    assert not scored("." * 20_000 + "x", "regex", "x").strict


OWN = """
from dataclasses import dataclass

@dataclass
class Limit:
    words: int

LIMIT = Limit(3)

def short(answer, item):
    return len(answer.split()) <= LIMIT.words

def pair(answer, item):
    return item["id"] in answer, item["expected"]["kind"] == "function"

def fails(answer, item):
    raise KeyError("gone")

def nothing(answer, item):
    return "yes"

number = 3
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    file = tmp_path / "own.py"
    file.write_text(OWN)
    return str(file)


def test_the_users_function_says_what_is_right(own: str) -> None:
    assert scored("one two", "function", f"{own}:short") == Score(True, True)
    assert scored("one two three four", "function", f"{own}:short") == Score(False, False)
    assert scored("this is item-7", "function", f"{own}:pair") == Score(True, True)
    assert scored("this is not", "function", f"{own}:pair") == Score(False, True)
    assert not (Path(own).parent / "__pycache__").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("fails", r"own\.py:fails failed at item item-7: KeyError: 'gone'"),
        ("nothing", r"returned 'yes' for item item-7"),
        ("number", "has no function number"),
        ("missing", "has no function missing"),
        ("", "write it as file.py:name"),
    ],
)
def test_a_function_that_cannot_tell_is_named(own: str, name: str, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        scored("an answer", "function", f"{own}:{name}")


@pytest.mark.parametrize(("source", "why"), [("def f(:", "SyntaxError"), ("1 / 0", "ZeroDivisionError")])
def test_a_file_that_does_not_run_is_named(tmp_path: Path, source: str, why: str) -> None:
    (tmp_path / "broken.py").write_text(source)
    with pytest.raises(SuiteError, match=rf"broken\.py does not run: {why}"):
        user_function(f"{tmp_path / 'broken.py'}:f")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read: No such file"):
        user_function(f"{tmp_path / 'none.py'}:f")
