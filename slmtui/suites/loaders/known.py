"""The data sets that are known by name: their files, licences and where to get them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from slmtui.suites.item import Item
from slmtui.suites.loaders.bfcl import bfcl_irrelevance_items, bfcl_items
from slmtui.suites.loaders.data_file import DataFile
from slmtui.suites.loaders.finance_tables import finqa_items, tatqa_items
from slmtui.suites.loaders.gsm8k import gsm8k_items
from slmtui.suites.loaders.hub import HubFile
from slmtui.suites.loaders.ifeval import ifeval_items
from slmtui.suites.loaders.multiple_choice import mmlu_items
from slmtui.suites.loaders.svamp import svamp_items, svamp_part
from slmtui.suites.suite import Split

Load = Callable[[tuple[DataFile, ...], Split], tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A data set that is known by name.

    `files` are patterns of its files' names for each part, the best first, `hub` its file on the hub.
    `answers` says that the right answers stand in another file, of the same name in `possible_answer`,
    `many` that all the files of a pattern belong to it. `get` says where else its files are.
    """

    name: str
    title: str
    licence: str
    get: str
    files: Mapping[Split, tuple[str, ...]]
    load: Load
    hub: Mapping[Split, HubFile] = field(default_factory=dict)
    answers: bool = False
    many: bool = False


def _each(load: Callable[[DataFile], tuple[Item, ...]]) -> Load:
    return lambda files, _split: tuple(item for file in files for item in load(file))


def _in_turn(load: Callable[[DataFile], tuple[Item, ...]]) -> Load:
    """Take the items of all files in turn, so that any first part of the set is of all of them."""

    def loaded(files: tuple[DataFile, ...], _split: Split) -> tuple[Item, ...]:
        turns = zip_longest(*map(load, files))
        return tuple(item for turn in turns for item in turn if item is not None)

    return loaded


def _svamp(files: tuple[DataFile, ...], split: Split) -> tuple[Item, ...]:
    items = _each(svamp_items)(files, split)
    return svamp_part(items, split) if files[0].stem.lower() == "svamp" else items


def _bfcl(name: str, title: str, *kinds: str) -> KnownSet:
    """Return a category of BFCL, whose files the fourth version names otherwise than the third."""
    irrelevance = name == "bfcl-irrelevance"
    return KnownSet(
        name=name,
        title=f"Berkeley Function-Calling Leaderboard, {title}",
        licence="Apache-2.0",
        get="the folder berkeley-function-call-leaderboard/bfcl_eval/data of github.com/ShishirPatil/gorilla",
        files={"test": tuple(f"BFCL_v[0-9]_{kind}.json" for kind in kinds)},
        load=lambda files, _split: (
            bfcl_irrelevance_items(files[0], name) if irrelevance else bfcl_items(files[0], files[1], name)
        ),
        hub={
            "test": HubFile("gorilla-llm/Berkeley-Function-Calling-Leaderboard", f"BFCL_v3_{kinds[-1]}.json")
        },
        answers=not irrelevance,
    )


_TATQA, _SVAMP, _MMLU = "next-tat/TAT-QA", "ChilleD/SVAMP", HubFile("cais/mmlu", "data.tar")

_SETS = (
    KnownSet(
        "gsm8k", "GSM8K, word problems of grade school", "MIT",
        "grade_school_math/data of github.com/openai/grade-school-math (the hub has it as Parquet alone)",
        {"test": ("test.jsonl",), "train": ("train.jsonl",)},
        _each(gsm8k_items),
    ),
    KnownSet(
        "svamp", "SVAMP, short word problems (300 of its one file to test on, 700 to train)", "MIT",
        "github.com/arkilpatel/SVAMP",
        {"test": ("SVAMP.json", "test.json"), "train": ("SVAMP.json", "train.json")},
        _svamp,
        {"test": HubFile(_SVAMP, "test.json"), "train": HubFile(_SVAMP, "train.json")},
    ),
    KnownSet(
        "mmlu", "MMLU, multiple choice in 57 subjects, which take turns", "MIT",
        "github.com/hendrycks/test",
        {
            "test": ("test/*_test.csv", "*_test.csv", "test.jsonl", "data.tar"),
            "train": ("val/*_val.csv", "*_val.csv", "validation.jsonl", "data.tar"),
        },
        _in_turn(mmlu_items),
        {"test": _MMLU, "train": _MMLU},
        many=True,
    ),
    _bfcl("bfcl-simple", "one function", "simple_python", "simple"),
    _bfcl("bfcl-multiple", "one of several functions", "multiple"),
    _bfcl("bfcl-irrelevance", "no function serves", "irrelevance"),
    KnownSet(
        "ifeval", "IFEval, instructions that can be checked (without those to answer in another language)",
        "Apache-2.0",
        "instruction_following_eval/data of github.com/google-research/google-research",
        {"test": ("ifeval_input_data.jsonl", "input_data.jsonl")},
        _each(ifeval_items),
        {"test": HubFile("google/IFEval", "ifeval_input_data.jsonl")},
    ),
    KnownSet(
        "tatqa", "TAT-QA, questions about a table and texts of financial reports",
        "CC BY 4.0 (its code: MIT)",
        "dataset_raw of github.com/NExTplusplus/TAT-QA",
        {
            "test": ("tatqa_dataset_test_gold.json", "tatqa_dataset_dev.json"),
            "train": ("tatqa_dataset_train.json",),
        },
        _each(tatqa_items),
        {
            "test": HubFile(_TATQA, "tatqa_dataset_test_gold.json"),
            "train": HubFile(_TATQA, "tatqa_dataset_train.json"),
        },
    ),
    KnownSet(
        "finqa", "FinQA, calculations over financial reports", "MIT",
        "the folder dataset of github.com/czyssrs/FinQA (the hub has it in other forms)",
        {"test": ("test.json",), "train": ("train.json",)},
        _each(finqa_items),
    ),
)  # fmt: skip
KNOWN_SETS: Mapping[str, KnownSet] = {each.name: each for each in _SETS}
"""The sets by their names."""
