"""Items as the store keeps them: a run goes on without the files that they came from."""

import json
from dataclasses import dataclass

import msgspec

from sessions.run_records import ItemRecord
from slmtui.suites.item import Item, OfferedTool
from slmtui.suites.item_json import decode_expected, encode_expected


@dataclass(frozen=True, slots=True)
class _Bringing:
    """What stands beside a right answer: the tools that an item brings along."""

    offered: tuple[OfferedTool, ...] = ()


def record_of(data_set: str, item: Item) -> ItemRecord:
    """Return an item as a row of a run, unique among its data sets."""
    expected = json.loads(encode_expected(item.expected))
    if item.offered:
        expected["offered"] = msgspec.to_builtins(item.offered)
    return ItemRecord(
        item=f"{data_set}/{item.id}",
        data_set=data_set,
        prompt=item.prompt,
        expected=json.dumps(expected, ensure_ascii=False),
        skill=item.skill,
        level=item.level,
        tool=item.tool,
    )


def item_of(record: ItemRecord) -> Item:
    """Return the item of a row. Raises `SuiteError` for a row that this version cannot read."""
    expected = decode_expected(record.expected)
    return Item(
        id=record.item.removeprefix(f"{record.data_set}/"),
        data_set=record.data_set,
        prompt=record.prompt,
        expected=expected,
        tool=record.tool,
        skill=record.skill,
        level=record.level,
        offered=msgspec.json.decode(record.expected, type=_Bringing).offered,
    )
