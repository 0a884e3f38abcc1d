"""The word problems that are shown to models: their own, right, and none of those that are measured on."""

import json
import re
from pathlib import Path

import pytest

from agents.word_problems import word_problems
from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.splits import SPLITS, wordings_of
from slmtui.suites.bundled.suite import bundled_suite
from slmtui.suites.suite import Split
from tools.calculator import CALCULATOR, calculate

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"


def normalised(request: str) -> str:
    return re.sub(r"\d+(\.\d+)?", "N", " ".join(re.findall(r"[\w.*+/-]+", request.lower())))


KNOWN = {normalised(each.request) for each in word_problems()}


def test_there_are_many_and_no_two_are_the_same() -> None:
    problems = word_problems()
    assert len(problems) >= 180
    assert len({(each.request, each.expression) for each in problems}) == len(problems)


@pytest.mark.parametrize("problem", word_problems(), ids=lambda each: each.request[:40])
def test_the_expression_computes_and_uses_what_is_told(problem) -> None:
    value = calculate(problem.expression)
    assert float(value.replace(",", "")) > 0
    assert re.fullmatch(CALCULATOR.parameters["properties"]["expression"]["pattern"], problem.expression)
    words = {"2": "half|twice|average", "12": "dozen", "100": "percent"}
    for number in re.findall(r"\d+(?:\.\d+)?", problem.expression.replace("^2", "")):
        assert re.search(
            rf"\b{re.escape(number)}\b|{words.get(number, '(?!)')}", problem.request, re.IGNORECASE
        )


@pytest.mark.parametrize("split", SPLITS)
def test_none_is_a_request_of_the_bundled_suite(split: Split) -> None:
    asked = {normalised(item.prompt) for item in bundled_suite(split).items}
    asked |= {normalised(wording.make(seeded(1))[0]) for wording in wordings_of(split)}
    assert len(asked) > 200
    assert asked.isdisjoint(KNOWN)


def test_none_comes_from_the_suites_that_measure() -> None:
    if not SHARED.is_dir():
        pytest.skip("the data sets are not here")
    items = json.loads((SHARED / "svamp/SVAMP.json").read_text(encoding="utf-8"))
    asked = {normalised(f"{item['Body']} {item['Question']}") for item in items}
    for name in ("test", "train"):
        lines = (SHARED / f"gsm8k/{name}.jsonl").read_text(encoding="utf-8").splitlines()
        asked |= {normalised(json.loads(line)["question"]) for line in lines}
    assert len(asked) > 9000
    assert asked.isdisjoint(KNOWN)
