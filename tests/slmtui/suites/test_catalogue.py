import hashlib
import tarfile
from collections.abc import Mapping
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from slmtui.suites.catalogue import find_suite, known_suites
from slmtui.suites.loaders.known import KNOWN_SETS
from slmtui.suites.suite import Split, Suite, SuiteError
from tests.shared_data import shared
from tests.slmtui.suites import data_sets
from tests.slmtui.suites.data_sets import all_sets, lines


def find(
    name: str, data: Path | None = None, split: Split = "test", mapping: Mapping[str, str] | None = None
) -> Suite:
    return find_suite(name, split=split, data=data, mapping=mapping or {}, seed=1)


@pytest.mark.parametrize(
    ("name", "count", "licence"),
    [
        ("gsm8k", 2, "MIT"),
        ("svamp", 300, "MIT"),
        ("mmlu", 4, "MIT"),
        ("bfcl-simple", 2, "Apache-2.0"),
        ("bfcl-multiple", 2, "Apache-2.0"),
        ("bfcl-irrelevance", 2, "Apache-2.0"),
        ("ifeval", 1, "Apache-2.0"),
        ("tatqa", 6, "CC BY 4.0 (its code: MIT)"),
        ("finqa", 2, "MIT"),
    ],
)
def test_known_sets_are_found_in_a_folder(name: str, count: int, licence: str, tmp_path: Path) -> None:
    suite = find(name, all_sets(tmp_path))
    assert (suite.name, len(suite.items), suite.licence) == (name, count, licence)
    assert suite.title == KNOWN_SETS[name].title
    assert {item.data_set for item in suite.items} == {name}
    assert suite.source.startswith(str(tmp_path))
    assert len(suite.checksum) == 64
    assert suite.world is None


def test_every_known_set_is_named_for_help() -> None:
    assert list(known_suites()) == ["bundled", *KNOWN_SETS]
    assert all(known_suites().values())


def test_the_checksum_is_that_of_the_file_and_the_licence_beside_it_is_named(tmp_path: Path) -> None:
    all_sets(tmp_path)
    (tmp_path / "gsm8k" / "LICENSE.txt").write_text("\n  The MIT License\nmore")
    suite = find("gsm8k", tmp_path)
    read = (tmp_path / "gsm8k" / "test.jsonl").read_bytes()
    assert suite.checksum == hashlib.sha256(read).hexdigest()
    assert suite.licence == "MIT; see LICENSE.txt beside the data (The MIT License)"


def test_right_calls_count_for_the_checksum(tmp_path: Path) -> None:
    before = find("bfcl-simple", all_sets(tmp_path)).checksum
    answers = tmp_path / "possible_answer" / "BFCL_v3_simple.json"
    answers.write_text(answers.read_text().replace("10.5", "10.6"))
    assert find("bfcl-simple", tmp_path).checksum != before


def test_the_newest_version_of_a_category_is_taken(tmp_path: Path) -> None:
    all_sets(tmp_path)
    lines(tmp_path / "BFCL_v4_simple_python.json", data_sets.BFCL[:1])
    lines(tmp_path / "possible_answer" / "BFCL_v4_simple_python.json", data_sets.BFCL_ANSWERS)
    assert len(find("bfcl-simple", tmp_path).items) == 1


def test_a_known_set_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_sets(tmp_path)
    file = tmp_path / "gsm8k" / "train.jsonl"
    assert [item.id for item in find(f"gsm8k={file}").items] == ["train-1"]
    assert len(find(f"gsm8k={tmp_path / 'gsm8k'}", tmp_path / "nowhere").items) == 2
    assert len(find(f"bfcl-simple={tmp_path / 'BFCL_v3_simple.json'}").items) == 2
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert len(find("gsm8k=~/gsm8k").items) == 2


def test_the_parts_of_a_set_are_its_files(tmp_path: Path) -> None:
    all_sets(tmp_path)
    assert len(find("gsm8k", tmp_path, "train").items) == 1
    assert len(find("svamp", tmp_path, "train").items) == 700
    with pytest.raises(SuiteError, match="ifeval has no part to train on"):
        find("ifeval", tmp_path, "train")


def test_the_subjects_of_mmlu_take_turns_so_that_a_limit_takes_some_of_each(tmp_path: Path) -> None:
    for subject, count in (("botany", 3), ("logic", 1), ("zoology", 2)):
        (tmp_path / f"{subject}_test.csv").write_text("Which?,a,b,c,d,A\n" * count)
    assert [item.id for item in find("mmlu", tmp_path).items] == [
        "botany-1", "logic-1", "zoology-1", "botany-2", "zoology-2", "botany-3",
    ]  # fmt: skip


def test_an_archive_of_mmlu_is_read_where_it_is(tmp_path: Path) -> None:
    folder = all_sets(tmp_path / "all") / "mmlu"
    with tarfile.open(tmp_path / "data.tar", "w") as archive:
        archive.add(folder / "data", "data")
        archive.add(folder / "data" / "test" / "botany_test.csv", "data/test/._botany_test.csv")
    suite = find("mmlu", tmp_path)
    assert suite.items == find("mmlu", tmp_path / "all").items
    assert suite.checksum == find("mmlu", tmp_path / "all").checksum
    with pytest.raises(SuiteError, match=r"has no val/\*_val\.csv"):
        find("mmlu", tmp_path, "train")
    (tmp_path / "data.tar").write_bytes(b"no archive at all")
    with pytest.raises(SuiteError, match="damaged archive"):
        find("mmlu", tmp_path)


@pytest.mark.parametrize("name", [name for name, known in KNOWN_SETS.items() if "test" in known.hub])
def test_known_sets_come_from_the_hub_otherwise(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = all_sets(tmp_path)
    with tarfile.open(tmp_path / "data.tar", "w") as archive:
        archive.add(folder / "mmlu" / "data", "data")
    data_sets.array(tmp_path / "test.json", data_sets.SVAMP[:300])

    def download(_repository: str, file: str, **_how: object) -> str:
        places = (tmp_path / file, tmp_path / "ifeval" / file, tmp_path / "tatqa" / file)
        return str(next(place for place in places if place.exists()))

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    suite = find(name)
    known = KNOWN_SETS[name]
    assert suite.source == str(known.hub["test"])
    assert suite.licence == f"{known.licence}; see huggingface.co/datasets/{known.hub['test'].repository}"
    assert len(suite.items) == len(find(name, folder).items)


def test_what_the_hub_does_not_give_may_be_had_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*_where: str, **_how: object) -> str:
        raise LocalEntryNotFoundError("no")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    with pytest.raises(
        SuiteError, match=r"cannot be reached.*; or get github\.com/arkilpatel/SVAMP, and name"
    ):
        find("svamp")


@pytest.mark.parametrize("name", ["gsm8k", "finqa"])
def test_sets_that_the_hub_has_not_as_files_say_where_they_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=rf"^{name}: get .*github\.com/.*, and name the folder with --data$"):
        find(name)
    with pytest.raises(SuiteError, match=rf"has no test\.jsonl? of {name}: get it from .*github\.com"):
        find(name, tmp_path)


def test_a_file_of_ones_own_is_read_with_a_mapping(tmp_path: Path) -> None:
    file = lines(tmp_path / "my=own.jsonl", [{"q": "How many?", "a": "3"}])
    suite = find(str(file), mapping={"prompt": "q", "answer": "a", "scorer": "number"})
    assert (suite.name, suite.licence, suite.source) == ("my=own", "not stated", str(file))
    assert suite.items[0].expected.value == "3.0"
    (tmp_path / "LICENCE").write_text("Mine alone")
    mapping = {"prompt": "q", "answer": "a", "data_set": "figs"}
    assert find(str(file), mapping=mapping).licence == "not stated; see LICENCE beside the data (Mine alone)"
    assert find(str(file), mapping=mapping).name == "figs"


def test_a_file_of_the_hub_is_read_with_a_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = lines(tmp_path / "test.jsonl", [{"prompt": "How many?", "answer": "3"}])
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda *_where, **_how: str(file))
    suite = find("hf:owner/name/test.jsonl")
    assert suite.licence == "not stated; see huggingface.co/datasets/owner/name"
    assert suite.items[0].prompt == "How many?"


def test_a_row_that_does_not_fit_is_told_of(tmp_path: Path) -> None:
    file = lines(tmp_path / "test.jsonl", [*data_sets.GSM8K, {"question": "How many?", "answer": "seven"}])
    with pytest.raises(SuiteError, match=r"test\.jsonl, line 3, field answer: this should end in ####"):
        find(f"gsm8k={file}")


def test_items_have_ids_of_their_own(tmp_path: Path) -> None:
    file = lines(tmp_path / "own.jsonl", [{"prompt": "?", "answer": "a", "n": 5}] * 2)
    with pytest.raises(SuiteError, match="has 2 items with the id '5': each needs its own"):
        find(str(file), mapping={"id": "n"})
    assert [item.id for item in find(str(file)).items] == ["own-1", "own-2"]


def test_a_set_without_items_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="has no items"):
        find(str(lines(tmp_path / "own.jsonl", [])))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gsm8", "no suite and no file 'gsm8': perhaps gsm8k is meant"),
        ("BFCL-Simpel", "perhaps bfcl-simple"),
        ("elephants", "known are bundled, gsm8k"),
        pytest.param("x" * 5_000, "no suite and no file 'xxx", id="a long name"),
        pytest.param("gsm8k=" + "x" * 5_000, "no file and no folder 'xxx", id="a long path"),
        ("gsm8k=nowhere", "no file and no folder 'nowhere'"),
        ("bundled:unit", "no skill or level 'unit': perhaps bundled:units is meant"),
        ("bundled:elephants", "known are arithmetic"),
        (".", "is a folder: name a file in it"),
    ],
)
def test_an_unknown_name_is_told_of_with_what_is_near(name: str, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        find(name)


@pytest.mark.parametrize("name", ["gsm8k", "bundled", "bundled:units"])
def test_known_suites_take_no_mapping(name: str) -> None:
    with pytest.raises(SuiteError, match="needs none"):
        find(name, mapping={"prompt": "q"})


def test_the_bundled_suite_and_its_parts() -> None:
    whole = find("bundled")
    assert whole.name == "bundled"
    assert whole.world is not None
    units, hard = find("bundled:units"), find("bundled:hard")
    assert {item.skill for item in units.items} == {"units"}
    assert {item.level for item in hard.items} == {"hard"}
    assert {item.id for item in whole.items if item.skill == "units"} <= {item.id for item in units.items}
    assert (units.name, units.checksum, units.world) == ("bundled", units.checksum, whole.world)


def test_the_shared_data_is_found_by_name() -> None:
    folder = shared("data")
    assert len(find("gsm8k", folder).items) == 1319
    assert find("svamp", folder).licence == "MIT; see LICENSE beside the data (MIT License)"
