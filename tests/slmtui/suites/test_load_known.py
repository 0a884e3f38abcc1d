from pathlib import Path

import pytest

from slmtui.suites.item import NO_TOOL, Expected, ExpectedCall, Instruction, Item, Outcome
from slmtui.suites.loaders.bfcl import bfcl_irrelevance_items, bfcl_items
from slmtui.suites.loaders.data_file import DataFile, read_file
from slmtui.suites.loaders.finance_tables import RELATIVE, finqa_items, tatqa_items
from slmtui.suites.loaders.gsm8k import gsm8k_items
from slmtui.suites.loaders.ifeval import ifeval_items
from slmtui.suites.loaders.multiple_choice import mmlu_items
from slmtui.suites.loaders.svamp import svamp_items, svamp_part
from slmtui.suites.scorers import score
from slmtui.suites.suite import SuiteError
from tests.shared_data import shared
from tests.slmtui.suites import data_sets
from tests.slmtui.suites.data_sets import array, lines


def right(item: Item, answer: str) -> bool:
    return score(item, Outcome(answer, "ok")).strict


def test_gsm8k_problems_end_in_their_number(tmp_path: Path) -> None:
    items = gsm8k_items(read_file(lines(tmp_path / "test.jsonl", data_sets.GSM8K)))
    assert [item.id for item in items] == ["test-1", "test-2"]
    assert [item.expected.value for item in items] == ["7.0", "1200.0"]
    assert items[0] == Item(
        "test-1", "gsm8k", data_sets.GSM8K[0]["question"], Expected("number", "7.0"), "calculator"
    )


def test_svamp_asks_its_question_at_the_end(tmp_path: Path) -> None:
    item = svamp_items(read_file(array(tmp_path / "SVAMP.json", data_sets.SVAMP[:3])))[2]
    assert (item.id, item.prompt, item.skill) == (
        "chal-3",
        "Ann has 3 figs. How many are left?",
        "Subtraction",
    )
    assert right(item, "3")


def test_the_parts_of_svamp_are_apart_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    items = svamp_items(read_file(array(tmp_path / "SVAMP.json", data_sets.SVAMP)))
    test, train = svamp_part(items, "test"), svamp_part(items, "train")
    assert (len(test), len(train)) == (300, 700)
    assert sorted((*test, *train), key=items.index) == list(items)
    assert [items.index(item) for item in test] == sorted(items.index(item) for item in test)


@pytest.mark.parametrize(("name", "count"), [("gsm8k/test.jsonl", 1319), ("svamp/SVAMP.json", 1000)])
def test_the_real_files_are_read_and_their_answers_are_right(name: str, count: int) -> None:
    load = gsm8k_items if "gsm8k" in name else svamp_items
    items = load(read_file(shared("data", *name.split("/"))))
    assert len(items) == count == len({item.id for item in items})
    assert all(right(item, f"It is {float(item.expected.value):,}.") for item in items)


def files(tmp_path: Path) -> tuple[DataFile, DataFile]:
    requests = lines(tmp_path / "BFCL_v3_simple.json", data_sets.BFCL)
    answers = lines(tmp_path / "possible_answer" / "BFCL_v3_simple.json", data_sets.BFCL_ANSWERS)
    return read_file(requests), read_file(answers)


def test_bfcl_items_bring_their_functions_and_expect_calls(tmp_path: Path) -> None:
    item = bfcl_items(*files(tmp_path), "bfcl-simple")[1]
    assert (item.id, item.prompt, item.tool, item.skill) == (
        "simple_1",
        "Be exact.\n\nHow large?",
        "triangle_area",
        "simple",
    )
    assert item.expected.calls == (ExpectedCall("triangle_area", {"base": (10, 10.5), "unit": ("", "m")}),)
    (tool,) = item.offered
    assert (tool.name, tool.description) == ("triangle_area", "The area of a triangle.")
    assert tool.parameters == {
        "type": "object",
        "properties": {
            "base": {"type": "number", "description": "In m."},
            "sides": {"type": "array", "items": {"type": "number"}},
            "unit": {"type": "string", "enum": ["m", "cm"]},
            "extra": {},
            "options": {"type": "object", "properties": {"exact": {"type": "boolean", "default": True}}},
        },
        "required": ["base"],
    }


def test_bfcl_items_without_a_function_that_serves_expect_no_call(tmp_path: Path) -> None:
    item = bfcl_irrelevance_items(files(tmp_path)[0], "bfcl-irrelevance")[0]
    assert (item.expected, item.tool) == (Expected("no_call"), NO_TOOL)
    assert len(item.offered) == 1


@pytest.mark.parametrize(
    ("requests", "answers", "why"),
    [
        (
            data_sets.BFCL,
            data_sets.BFCL_ANSWERS[:1],
            r"line 2, field id: the file of right calls has none for simple_1",
        ),
        (data_sets.BFCL[:1], [{"id": "simple_0", "ground_truth": [{"f": {}}]}], "f is none of the functions"),
        (data_sets.BFCL[:1], [{"id": "simple_0", "ground_truth": []}], "no call is none"),
        (data_sets.BFCL[:1], [{"id": "simple_0", "ground_truth": [{"f": 3}]}], "should be an object"),
        ([{**data_sets.BFCL[0], "question": [[], []]}], data_sets.BFCL_ANSWERS, "of one turn"),
        (
            [{**data_sets.BFCL[0], "function": "f"}],
            data_sets.BFCL_ANSWERS,
            "field function: this should be a list",
        ),
    ],
)
def test_bfcl_files_that_do_not_fit_are_told_of(
    requests: object, answers: object, why: str, tmp_path: Path
) -> None:
    given = read_file(lines(tmp_path / "a.json", requests)), read_file(lines(tmp_path / "b.json", answers))
    with pytest.raises(SuiteError, match=why):
        bfcl_items(*given, "bfcl-simple")


def test_mmlu_files_have_no_header(tmp_path: Path) -> None:
    (tmp_path / "botany_test.csv").write_text(data_sets.MMLU_CSV)
    one, two = mmlu_items(read_file(tmp_path / "botany_test.csv"))
    assert (one.id, one.skill, one.data_set) == ("botany-1", "botany", "mmlu")
    assert one.expected == Expected("choice", "A", ("a fig, ripe", "grass", "snow", "coal"))
    assert one.prompt.startswith("Which is red?\n\nA. a fig, ripe\nB. grass\n")
    assert (two.prompt.partition("\n\n")[0], two.expected.value) == ("Two\nlines?", "C")
    assert right(two, "Answer: C")


def test_a_header_of_mmlu_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "botany.csv").write_text("question,A,B,C,D,answer\n" + data_sets.MMLU_CSV)
    assert mmlu_items(read_file(tmp_path / "botany.csv"))[0].expected.value == "A"


def test_mmlu_in_json_lines_counts_its_options_from_0(tmp_path: Path) -> None:
    (item,) = mmlu_items(read_file(lines(tmp_path / "test.jsonl", data_sets.MMLU_ROWS)))
    assert (item.id, item.expected) == ("botany-1", Expected("choice", "B", ("fig", "snow")))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b,A\n", "line 1: a question, two options"),
        ("q,a,b,c,d,E\n", "line 1, field answer: 'E' is none of the 4 options"),
        ('q,"a\n', "line 1: unexpected end of data"),
    ],
)
def test_rows_of_mmlu_that_do_not_fit_are_told_of(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "botany_test.csv").write_text(text)
    with pytest.raises(SuiteError, match=why):
        mmlu_items(read_file(tmp_path / "botany_test.csv"))


def test_ifeval_items_keep_the_parameters_that_are_set(tmp_path: Path) -> None:
    (item,) = ifeval_items(read_file(lines(tmp_path / "ifeval.jsonl", data_sets.IFEVAL)))
    assert (item.id, item.tool, item.skill) == ("ifeval-1000", NO_TOOL, "punctuation, detectable_format")
    assert item.expected.instructions == (
        Instruction("punctuation:no_comma"),
        Instruction("detectable_format:number_bullet_lists", {"num_bullets": 2}),
    )
    assert right(item, "* figs\n* and limes")


@pytest.mark.parametrize(
    ("names", "parameters", "why"),
    [
        (["punctuation:no_comma"], [], "0 of them, for 1 instructions"),
        (["punctuation:no_colon"], [{}], "there is no instruction 'punctuation:no_colon'"),
        (
            ["keywords:existence"],
            [{"keywords": None}],
            "field kwargs: the instruction keywords:existence lacks",
        ),
    ],
)
def test_ifeval_rows_that_do_not_fit_are_told_of(
    names: list[str], parameters: list[object], why: str, tmp_path: Path
) -> None:
    row = {"key": 1, "prompt": "Write", "instruction_id_list": names, "kwargs": parameters}
    with pytest.raises(SuiteError, match=f"line 1, .*{why}"):
        ifeval_items(read_file(lines(tmp_path / "ifeval.jsonl", [row])))


def tatqa(tmp_path: Path) -> dict[str, Item]:
    return {item.id: item for item in tatqa_items(read_file(array(tmp_path / "tatqa.json", data_sets.TATQA)))}


def test_tatqa_shows_the_table_and_the_texts(tmp_path: Path) -> None:
    assert tatqa(tmp_path)["what"].prompt == (
        "|  | 2019 | 2018 |\n| Sales | $ 1,452.4 | $ 1,146.2 |\n\nFigs are\nin millions.\n\nWhat is what?"
    )


@pytest.mark.parametrize(
    ("name", "answer", "is_right"),
    [
        ("change", "It is 26.71%", True),
        ("change", "It is 0.267", True),
        ("change", "It is 27.1", False),
        ("sales", "$1,452.4 million", True),
        ("sales", "1,452,400,000", True),
        ("loss", "-12.6", True),
        ("loss", "a loss of 12.6", True),
        ("what", "The figs.", True),
        ("which", "Limes and figs", True),
        ("which", "Limes", False),
        ("how many", "two", True),
    ],
)
def test_tatqa_answers_are_right_in_their_scale(
    name: str, answer: str, is_right: bool, tmp_path: Path
) -> None:
    assert right(tatqa(tmp_path)[name], answer) == is_right


def test_tatqa_knows_where_to_calculate(tmp_path: Path) -> None:
    assert {name: item.tool for name, item in tatqa(tmp_path).items() if item.tool != NO_TOOL} == {
        "change": "calculator"
    }


def test_a_scale_that_is_none_is_told_of(tmp_path: Path) -> None:
    bad = {**data_sets.TATQA[0], "questions": [{**data_sets.TATQA[0]["questions"][0], "scale": "dozen"}]}
    with pytest.raises(SuiteError, match="entry 1, questions 1, field scale: 'dozen'"):
        tatqa_items(read_file(array(tmp_path / "tatqa.json", [bad])))


def test_finqa_takes_the_result_or_what_its_author_wrote(tmp_path: Path) -> None:
    number, decision = finqa_items(read_file(array(tmp_path / "test.json", data_sets.FINQA)))
    assert number.expected.relative == RELATIVE
    assert number.prompt == (
        "Figs sold well .\n\n|  | 2019 |\n| sales | $ 100 |\n\nIn millions .\n\nby how much did they rise?"
    )
    assert all(right(number, answer) for answer in ("12.7%", "0.127", "12.716 %", "It rose by 12.7"))
    assert not right(number, "13.5%")
    assert right(decision, "Yes, it is.")
    assert not right(decision, "No")
