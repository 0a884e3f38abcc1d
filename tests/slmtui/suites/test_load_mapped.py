import json
from pathlib import Path
from typing import Any

import pytest

from slmtui.suites.item import NO_TOOL, Expected, ExpectedCall, Instruction, Item
from slmtui.suites.loaders.data_file import DataFile
from slmtui.suites.loaders.mapped import mapped_items
from slmtui.suites.suite import SuiteError


def items(row: dict[str, Any], **mapping: str) -> tuple[Item, ...]:
    return mapped_items(DataFile("own.jsonl", json.dumps(row).encode()), mapping)


def expected(row: dict[str, Any], **mapping: str) -> Expected:
    return items({"prompt": "?", **row}, **mapping)[0].expected


def test_a_row_with_prompt_and_answer_needs_no_mapping() -> None:
    assert items({"prompt": "Which fruit?", "answer": "fig"}) == (
        Item("own-1", "own", "Which fruit?", Expected("exact", "fig")),
    )


def test_fields_are_taken_as_the_mapping_tells() -> None:
    row = {
        "q": {"text": "How many?"},
        "passage": "Three figs.",
        "gold": ["3", "4"],
        "n": 17,
        "kind": "count",
        "hard": 2,
    }
    (item,) = items(
        row,
        prompt="passage+q.text",
        answer="gold",
        scorer="number",
        relative="0.01",
        id="n",
        skill="kind",
        level="hard",
        data_set="figs",
    )
    assert item == Item(
        "17", "figs", "Three figs.\n\nHow many?", Expected("number", "3.0", ("4.0",), 0.01), "", "count", "2"
    )


def test_rows_of_csv_are_mapped_too() -> None:
    file = DataFile("own.csv", b'question,target\nHow many?,"1,200"\n')
    (item,) = mapped_items(file, {"prompt": "question", "answer": "target", "scorer": "number"})
    assert item.expected.value == "1200.0"


@pytest.mark.parametrize(
    ("row", "mapping"),
    [
        ({"options": ["fig", "lime"], "answer": "b"}, {"scorer": "choice"}),
        ({"options": ["fig", "lime"], "answer": "lime"}, {"options": "options"}),
        ({"options": ["B", "A"], "answer": "B"}, {"scorer": "choice"}),
        ({"options": ["1", "0"], "answer": "0"}, {"scorer": "choice"}),
        ({"x": {"o": ["fig", "lime"]}, "answer": 1}, {"options": "x.o"}),
        ({"A": "fig", "B": "lime", "answer": "(B)"}, {"options": "A+B"}),
    ],
)
def test_options_are_a_list_or_fields_of_their_own(row: dict[str, Any], mapping: dict[str, str]) -> None:
    (item,) = items({"prompt": "Which?", **row}, **mapping)
    first, second = item.expected.values
    assert (item.expected.kind, item.expected.value) == ("choice", "B")
    assert item.prompt.startswith(f"Which?\n\nA. {first}\nB. {second}\n\n")


CALLS = [{"name": "f", "arguments": {"x": [1, ""]}}]
RULES = [{"name": "punctuation:no_comma"}]


@pytest.mark.parametrize(
    ("row", "scorer", "wanted"),
    [
        ({"answer": "fig"}, "contains", Expected("contains", "fig")),
        ({"answer": r"fi?g"}, "regex", Expected("regex", "fi?g")),
        ({"answer": "5 March 2024"}, "date", Expected("date", "2024-03-05")),
        ({"answer": "fig", "options": ["fig", "lime"]}, "word", Expected("word", "fig", ("fig", "lime"))),
        ({"answer": "fig", "options": ["fig", "lime"]}, "first", Expected("first", "fig", ("fig", "lime"))),
        ({"options": ["fig", "lime"]}, "sequence", Expected("sequence", "fig, lime", ("fig", "lime"))),
        ({"answer": CALLS}, "calls", Expected("calls", calls=(ExpectedCall("f", {"x": (1, "")}),))),
        (
            {"answer": json.dumps(CALLS)},
            "calls",
            Expected("calls", calls=(ExpectedCall("f", {"x": (1, "")}),)),
        ),
        (
            {"answer": RULES},
            "instructions",
            Expected("instructions", instructions=(Instruction("punctuation:no_comma"),)),
        ),
        ({}, "no_call", Expected("no_call")),
    ],
)
def test_every_scorer_finds_what_it_needs(row: dict[str, Any], scorer: str, wanted: Expected) -> None:
    assert expected(row, scorer=scorer) == wanted


def test_words_may_stand_in_fields_of_their_own_as_in_csv() -> None:
    row = {"a": "fig", "b": "lime", "answer": "lime"}
    assert expected(row, scorer="word", options="a+b") == Expected("word", "lime", ("fig", "lime"))


def test_where_no_call_is_right_no_tool_is() -> None:
    assert items({"prompt": "?"}, scorer="no_call")[0].tool == NO_TOOL


def test_a_function_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.py").write_text("def right(answer, item): return True\n")
    monkeypatch.chdir(tmp_path)
    assert expected({}, function="own.py:right") == Expected("function", f"{tmp_path / 'own.py'}:right")


@pytest.mark.parametrize(
    ("row", "mapping", "why"),
    [
        ({"prompt": "?"}, {}, r"own\.jsonl, line 1, field answer: there is none; the row has prompt"),
        (
            {"prompt": "?", "answer": "a"},
            {"answr": "x"},
            "--map answr: there is no such key; known are prompt",
        ),
        ({"prompt": "?", "answer": "a"}, {"scorer": "guess"}, "--map scorer=guess: known are exact"),
        (
            {"prompt": "?", "answer": "a"},
            {"relative": "some"},
            "--map, field relative: this should be a number",
        ),
        ({"prompt": "?", "answer": "a"}, {"absolute": "-1"}, "--map, field absolute: .* not be below 0"),
        (
            {"prompt": "?", "answer": "a"},
            {"scorer": "number"},
            "line 1, field answer: this should be a number",
        ),
        ({"prompt": "?", "answer": "a"}, {"scorer": "date"}, "should be one date"),
        ({"prompt": "?", "answer": "("}, {"scorer": "regex"}, "field answer: .* is no regular expression"),
        ({"prompt": "?", "answer": "c", "o": ["a", "b"]}, {"options": "o"}, "'c' is none of the 2 options"),
        ({"prompt": "?", "answer": "a", "o": ["a"]}, {"options": "o"}, "there are 1 options"),
        ({"prompt": "?", "answer": "c", "options": ["a"]}, {"scorer": "word"}, "'c' is none of the options"),
        ({"prompt": "?", "answer": [{"x": 1}]}, {"scorer": "calls"}, "field answer: .*`name`"),
        ({"prompt": "?", "answer": [{"name": "x:y"}]}, {"scorer": "instructions"}, "no instruction 'x:y'"),
        ({"prompt": "?"}, {"scorer": "function"}, "needs --map function=file.py:name"),
        ({"prompt": "?"}, {"function": "here"}, "write it as file.py:name"),
        ({"prompt": " ", "answer": "a"}, {}, "field prompt: this is empty"),
        ({"prompt": "?", "answer": []}, {}, "field answer: this is empty"),
    ],
)
def test_what_does_not_fit_is_told_of(row: dict[str, Any], mapping: dict[str, str], why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        items(row, **mapping)
