from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.settings import Settings
from slmtui.suites.boxes import Boxes
from slmtui.suites.bundled.suite import bundled_suite
from slmtui.suites.item import Expected, ExpectedCall, Item, OfferedTool
from slmtui.suites.stored_items import item_of, record_of
from slmtui.suites.suite import SuiteError

TOOL = OfferedTool(
    "get_weather", "Tells the weather.", {"type": "object", "properties": {"city": {"type": "string"}}}
)
CALL = Expected("calls", calls=(ExpectedCall("get_weather", {"city": ("Bergen", "")}),))
VALUES = st.text(max_size=12)
KINDS = st.sampled_from(["exact", "number", "choice"])
EXPECTED = st.builds(Expected, KINDS, VALUES, st.tuples(VALUES, VALUES)) | st.just(CALL)
OFFERED = st.sampled_from([(), (TOOL,)])


@given(st.builds(Item, VALUES, st.just("d"), VALUES, EXPECTED, VALUES, VALUES, VALUES, OFFERED))
def test_an_item_goes_through_the_store_without_loss(item: Item) -> None:
    record = record_of("d", item)
    assert record.item == f"d/{item.id}"
    assert item_of(record) == item
    assert msgspec.json.decode(record.expected)["kind"] == item.expected.kind


def test_items_that_bring_tools_are_answered_with_these_and_no_others(tmp_path: Path) -> None:
    item = item_of(
        record_of("bfcl", Item("1", "bfcl", "How is it in Bergen?", CALL, "get_weather", offered=(TOOL,)))
    )
    boxes = Boxes(Settings(), {}, tmp_path)
    box = boxes.box(item)
    assert (box.names, box.get("get_weather").description) == (("get_weather",), TOOL.description)
    boxes.close()


def test_items_of_a_world_have_tools_over_it_and_others_those_of_the_settings(tmp_path: Path) -> None:
    world = bundled_suite("test", count=1).world
    assert world is not None
    boxes = Boxes(Settings(), {"bundled": world}, tmp_path)
    of_world = boxes.box(Item("1", "bundled", "?", Expected("text", "x")))
    of_settings = boxes.box(Item("1", "svamp", "?", Expected("text", "x")))
    assert {"read_file", "search_notes", "table_figure"} <= set(of_world.names)
    assert "read_file" not in of_settings.names
    assert "calculator" in of_settings.names
    assert list(tmp_path.iterdir()) != []
    boxes.close()


@pytest.mark.parametrize("text", ["{}", "[]", '{"kind": "magic"}'])
def test_an_item_of_another_version_is_refused(text: str) -> None:
    record = replace(record_of("d", Item("1", "d", "?", Expected("text", "x"))), expected=text)
    with pytest.raises(SuiteError):
        item_of(record)
