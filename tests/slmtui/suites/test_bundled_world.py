from pathlib import Path

from slmtui.suites.bundled.facts import Fact
from slmtui.suites.bundled.world import FOLDER, WORLD
from slmtui.suites.bundled.world_files import LOG_ENTRIES, SECTIONED, SETTINGS
from slmtui.suites.bundled.world_notes import ALIKE, NOTES, REPLACED
from slmtui.suites.bundled.world_tables import SALES, STAFF, TABLES

PAIRS = (*ALIKE, *REPLACED, *SECTIONED)


def line_of(home: Path, fact: Fact) -> str:
    return (home / FOLDER / fact.path).read_text(encoding="utf-8").splitlines()[fact.line - 1]


def test_the_files_hold_every_fact_on_its_line(tmp_path: Path) -> None:
    WORLD.write(tmp_path)
    for fact in (*NOTES, *SETTINGS, *(each for pair in PAIRS for each in (pair.fact, pair.other))):
        assert fact.value in line_of(tmp_path, fact)
        assert fact.what in line_of(tmp_path, fact).lower()
    assert all(fact.value in line_of(tmp_path, fact) for fact in LOG_ENTRIES)
    assert {fact.path.split("/")[0] for fact in NOTES} == {WORLD.notes.removeprefix(f"{FOLDER}/")}


def test_the_tables_hold_their_rows(tmp_path: Path) -> None:
    WORLD.write(tmp_path)
    for path, table in zip(WORLD.tables, TABLES, strict=True):
        lines = (tmp_path / path).read_text(encoding="utf-8").splitlines()
        assert lines == [",".join(map(str, row)) for row in (table.columns, *table.rows)]


def test_facts_that_are_mixed_up_have_other_values() -> None:
    for pair in PAIRS:
        assert pair.fact.what == pair.other.what
        assert pair.fact.value != pair.other.value
    assert all(pair.fact.place == pair.other.place for pair in REPLACED)


def test_a_value_that_leads_to_a_place_is_of_one_place_alone() -> None:
    facts = [*NOTES, *(pair.fact for pair in ALIKE)]
    for fact in facts:
        same = [each for each in facts if (each.what, each.value) == (fact.what, fact.value)]
        assert {each.place for each in same} == {fact.place}


def test_whoever_is_asked_for_by_an_extreme_is_alone_with_it() -> None:
    for column in ("age", "salary"):
        values = STAFF.numbers(column)
        assert values.count(max(values)) == values.count(min(values)) == 1
        for team in set(STAFF.column("team")):
            own = [n for n, t in zip(values, STAFF.column("team"), strict=True) if t == team]
            assert len(own) == len(set(own)) >= 2


def test_no_two_towns_sold_as_many_boxes_of_a_fruit() -> None:
    for fruit in set(SALES.column("fruit")):
        boxes = dict.fromkeys(map(str, SALES.column("town")), 0)
        for town, of, count in zip(
            SALES.column("town"), SALES.column("fruit"), SALES.numbers("boxes"), strict=True
        ):
            boxes[str(town)] += count if of == fruit else 0
        assert len(set(boxes.values())) == len(boxes)
