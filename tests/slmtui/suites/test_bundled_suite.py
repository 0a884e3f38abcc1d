import hashlib
import re
from collections import Counter
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path

import msgspec
import pytest

from slmtui.settings import Settings
from slmtui.suites.bundled.splits import SPLITS, WORDINGS, wordings_of
from slmtui.suites.bundled.suite import COUNT, bundled_suite
from slmtui.suites.bundled.wordings import LEVELS, SKILLS
from slmtui.suites.bundled.world import WORLD
from slmtui.suites.item import NO_TOOL, Item
from slmtui.suites.suite import Split, Suite
from slmtui.suites.world_tools import tools_of
from tools.registry import Toolbox

SUITES: dict[Split, Suite] = {split: bundled_suite(split) for split in SPLITS}
EVERY_ITEM = [item for suite in SUITES.values() for item in suite.items]

# The wordings that the agents were measured with before there were levels: in `test` then and now.
FIRST_TEST_WORDINGS = "2ca1774663e8790d83a7c80622211fe9"


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Toolbox, None, None]:
    tools = tools_of(WORLD, tmp_path_factory.mktemp("home"), Settings())
    yield tools.box()
    tools.close()


@pytest.mark.parametrize("split", SPLITS)
def test_equal_arguments_give_equal_items_and_others_give_others(split: Split) -> None:
    suite = SUITES[split]
    assert suite == bundled_suite(split, 1, COUNT)
    assert len(suite.items) == COUNT
    other = bundled_suite(split, seed=2)
    assert other.checksum != suite.checksum
    assert {item.id for item in other.items}.isdisjoint(item.id for item in suite.items)


@pytest.mark.parametrize("split", SPLITS)
def test_ids_and_prompts_are_unique_and_tell_of_skill_and_level(split: Split) -> None:
    items = SUITES[split].items
    assert len({item.id for item in items}) == len({item.prompt for item in items}) == COUNT
    for item in items:
        assert re.fullmatch(rf"{item.skill.replace(' ', '-')}-{item.level}-\d{{3}}", item.id)
        assert item.data_set == SUITES[split].name


def test_the_splits_are_two_data_sets() -> None:
    assert SUITES["test"].name != SUITES["train"].name
    assert {item.prompt for item in SUITES["test"].items}.isdisjoint(i.prompt for i in SUITES["train"].items)


@pytest.mark.parametrize("count", [1, 9, 27, 50, 131])
def test_a_limit_takes_the_first_items_and_they_are_balanced(count: int) -> None:
    items = bundled_suite("test", count=count).items
    assert items == SUITES["test"].items[:count]
    for known, names in ((SKILLS, [i.skill for i in items]), (LEVELS, [i.level for i in items])):
        counted = Counter(names)
        assert max(counted.values()) - min(counted[name] for name in known) <= 1


def test_any_nine_items_in_a_row_have_all_skills_and_three_of_each_level() -> None:
    for start in range(0, 189, 9):
        part = SUITES["test"].items[start : start + 9]
        assert {item.skill for item in part} == {*SKILLS}
        assert Counter(item.level for item in part) == dict.fromkeys(LEVELS, 3)


def test_where_a_cell_has_no_more_the_others_go_on() -> None:
    items = bundled_suite("test", count=1500).items
    assert len(items) == len({item.prompt for item in items}) == 1500
    cells = Counter((item.skill, item.level) for item in items)
    assert len(cells) == len(SKILLS) * len(LEVELS)
    assert cells["plain chat", "easy"] == 12 < cells["units", "hard"]


@pytest.mark.parametrize("split", SPLITS)
def test_the_checksum_is_that_of_the_items(split: Split) -> None:
    text = msgspec.json.encode(SUITES[split].items, order="deterministic")
    assert SUITES[split].checksum == hashlib.sha256(text).hexdigest()
    assert [asdict(item) for item in SUITES[split].items] == [
        asdict(item) for item in msgspec.json.decode(text, type=tuple[Item, ...])
    ]


def test_the_splits_share_no_wording_and_have_every_skill_level_and_tool() -> None:
    test, train = (wordings_of(split) for split in SPLITS)
    texts = {wording.text for wording in test}
    assert texts.isdisjoint(wording.text for wording in train)
    assert texts | {wording.text for wording in train} == {wording.text for wording in WORDINGS}
    assert len(test) + len(train) == len(WORDINGS) == len({wording.text for wording in WORDINGS})
    for split in (test, train):
        assert {(w.skill, w.level) for w in split} == {(s, level) for s in SKILLS for level in LEVELS}
        assert {w.tool for w in split} == {w.tool for w in WORDINGS}


def test_the_wordings_that_were_there_first_are_still_in_their_halves() -> None:
    first = sorted(wording.text for wording in wordings_of("test") if not wording.added)
    assert hashlib.sha256("\n".join(first).encode()).hexdigest()[:32] == FIRST_TEST_WORDINGS


def test_every_tool_is_asked_for_that_only_reads(toolbox: Toolbox) -> None:
    assert {wording.tool for wording in WORDINGS} - {NO_TOOL} == {*toolbox.names} - {"run_python"}


def test_no_blank_is_left_unfilled() -> None:
    assert not [item.prompt for item in EVERY_ITEM if re.search(r"[{}]", item.prompt)]


def test_the_world_is_the_same_every_time_it_is_written(tmp_path: Path) -> None:
    WORLD.write(tmp_path)
    assert (tmp_path / WORLD.notes).is_dir()
    assert all((tmp_path / table).is_file() for table in WORLD.tables)
    again = tmp_path / "again"
    SUITES["train"].world.write(again)
    files = [path.relative_to(again) for path in again.rglob("*") if path.is_file()]
    assert files
    assert all((again / path).read_bytes() == (tmp_path / path).read_bytes() for path in files)
