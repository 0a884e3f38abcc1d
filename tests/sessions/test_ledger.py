import math
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.events import Event, MeterRead, TextDelta, TurnFinished
from agents.message import PURPOSES
from sessions.attributing.cells import NANO, STATES
from sessions.ledger import Ledger, ledger_of, merged
from sessions.records import TurnRecords
from sessions.tally import records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import whole_turn
from tests.strategies import turns

ANY_TURN = st.one_of(
    turns(busy=True), turns(busy=True, finished=False), ladder_turns(), ladder_turns(finished=False)
)


def check(ledger: Ledger, records: TurnRecords) -> None:
    """Every table of a ledger sums to what the records of its turn say."""
    check_tokens(ledger, records)
    check_time(ledger, records)
    check_energy(ledger, records)
    check_overheads(ledger)
    check_cells(ledger)


def check_tokens(ledger: Ledger, records: TurnRecords) -> None:
    assert ledger.prompt_tokens == records.turn.prompt_tokens
    assert ledger.output_tokens == records.turn.output_tokens
    for call in records.calls:
        cells = [cell for cell in ledger.input if cell.call == call.call]
        assert {cell.agent for cell in cells} <= {call.agent}
        assert sum(cell.reused for cell in cells) == call.reused_tokens
        assert sum(cell.avoidable for cell in cells) == call.avoidable_tokens
        assert sum(cell.new + cell.avoidable for cell in cells) == call.prefilled_tokens
        assert sum(cell.reused + cell.new + cell.avoidable for cell in cells) == call.prompt_tokens
        for purpose in PURPOSES:
            found = [c.tokens for c in ledger.output if (c.call, c.purpose) == (call.call, purpose)]
            assert sum(found) == getattr(call, f"{purpose}_tokens")
    assert sum(cell.reused for cell in ledger.cache) == records.turn.reused_tokens
    assert sum(cell.avoidable for cell in ledger.cache) == records.turn.avoidable_tokens


def check_time(ledger: Ledger, records: TurnRecords) -> None:
    assert ledger.wall_ns == round(records.turn.wall_s * NANO)
    assert sum(cell.nanoseconds for cell in ledger.time) == ledger.wall_ns
    assert sum(step.nanoseconds for step in ledger.path) == ledger.wall_ns
    tool_calls = {call.tool_call for call in records.tool_calls}
    calls = {call.call for call in records.calls}
    for cell in ledger.time:
        assert cell.state in STATES
        assert cell.call in (tool_calls if cell.state == "tool" else {*calls, ""})


def check_energy(ledger: Ledger, records: TurnRecords) -> None:
    turn = records.turn
    if turn.joules is None:
        assert (ledger.energy, ledger.meters) == ((), ())
    else:
        assert sum(cell.nanojoules for cell in ledger.energy) == round(turn.joules * NANO)
        assert ledger.meters == ((turn.energy_source, turn.energy_scope),)
        assert ledger.joules(turn.energy_source, turn.energy_scope) == pytest.approx(turn.joules, abs=1e-9)


def check_overheads(ledger: Ledger) -> None:
    spent = [ledger.wall_ns, *(sum(cell.nanojoules for cell in ledger.energy) for _ in ledger.meters)]
    computed = sum(cell.prefilled for cell in ledger.input) + ledger.output_tokens
    assert [each.total for each in ledger.overheads] == [computed, *spent]
    for each in ledger.overheads:
        assert sum(each.by_agent.values()) == each.overhead == each.total - each.own
        assert min(each.by_agent.values(), default=0) >= 0
        assert each.share is None if not each.total else 0 <= each.share <= 1


def check_cells(ledger: Ledger) -> None:
    """No cell is negative, or all zero, and none stands there twice."""
    for table in (ledger.input, ledger.output, ledger.time, ledger.energy, ledger.cache):
        amounts = [amounts_of(cell) for cell in table]
        assert all(min(each) >= 0 for each in amounts)
        assert all(any(each) for each in amounts) or (table is ledger.energy and len(table) == 1)
        keys = [key_of(cell) for cell in table]
        assert len(set(keys)) == len(keys)


def amounts_of(cell: object) -> list[int]:
    return [v for v in values_of(cell) if isinstance(v, int)]


def key_of(cell: object) -> tuple[object, ...]:
    return tuple(v for v in values_of(cell) if isinstance(v, str))


def values_of(cell: object) -> Iterable[object]:
    return [getattr(cell, name) for name in type(cell).__dataclass_fields__]  # type: ignore[attr-defined]


@given(ANY_TURN)
def test_every_table_sums_exactly_to_its_total(events: list[Event]) -> None:
    check(ledger_of(events), records_of(events))


@given(turns(busy=True))
@settings(max_examples=50)  # each of them at every length
def test_a_turn_that_is_cut_off_anywhere_has_a_ledger(events: list[Event]) -> None:
    for length in range(1, len(events) + 1):
        check(ledger_of(events[:length]), records_of(events[:length]))
        wall = records_of(events[:length]).turn.wall_s
        ended = [*events[:length], TurnFinished(wall, "interrupted", "")]
        check(ledger_of(ended), records_of(ended))


@given(st.lists(ANY_TURN, max_size=4))
def test_ledgers_add_up(several: list[list[Event]]) -> None:
    parts = [ledger_of(events) for events in several]
    total = merged(parts)
    assert (total.turns, total.wall_ns) == (len(parts), sum(part.wall_ns for part in parts))
    for table in ("input", "output", "time", "energy", "path", "cache", "failures"):
        cells = getattr(total, table)
        assert len({key_of(cell) for cell in cells}) == len(cells)
        assert not any(getattr(cell, "call", "") for cell in cells)
        everything = [amounts_of(cell) for part in parts for cell in getattr(part, table)]
        assert sums(amounts_of(cell) for cell in cells) == sums(everything)
    check_overheads_add_up(total, parts)


def sums(rows: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def check_overheads_add_up(total: Ledger, parts: list[Ledger]) -> None:
    for each in total.overheads:
        same = [
            part
            for ledger in parts
            for part in ledger.overheads
            if (part.measure, part.source, part.scope) == (each.measure, each.source, each.scope)
        ]
        assert each.own == sum(part.own for part in same)
        assert each.total == sum(part.total for part in same)


@given(ladder_turns())
def test_any_failure_counts_each_call_once(events: list[Event]) -> None:
    ledger, records = ledger_of(events), records_of(events)
    every = [cell for cell in ledger.failures if cell.kind == "any"]
    kinds = [cell for cell in ledger.failures if cell.kind != "any"]
    assert sum(cell.times for cell in every) == sum(cell.times for cell in kinds)
    assert sum(cell.calls for cell in every) <= records.turn.calls
    assert sum(cell.tool_calls for cell in every) <= records.turn.tool_calls
    assert sum(cell.output for cell in every) <= ledger.output_tokens
    assert sum(cell.nanoseconds for cell in every) <= ledger.wall_ns
    assert sum(cell.times for cell in kinds if cell.kind == "tool_error") == records.turn.tool_errors


def test_energy_of_two_meters_stays_apart() -> None:
    measured = ledger_of(whole_turn("A", "S", joules=2.0, source="measured"))
    modelled = ledger_of(whole_turn("B", "S", joules=3.0, source="modelled"))
    none = ledger_of(whole_turn("C", "S"))
    total = merged([measured, modelled, none, measured])
    assert (total.joules("measured"), total.joules("modelled"), total.joules("none")) == (4.0, 3.0, None)
    assert [each.total for each in total.overheads if each.measure == "nanojoules"] == [4 * NANO, 3 * NANO]


def test_nothing_is_lost_of_events_with_odd_figures() -> None:
    events = whole_turn("T", "S", joules=2.0, source="measured")
    odd = [
        replace(event, queue_s=math.nan, prefill_s=math.inf, sampling_s=-1.0, decode_s=1e9)
        if hasattr(event, "queue_s")
        else replace(event, t=math.nan)
        if isinstance(event, TextDelta)
        else event
        for event in events
    ]
    ledger = ledger_of(odd)
    assert sum(cell.nanoseconds for cell in ledger.time) == ledger.wall_ns == NANO
    assert ledger.joules("measured") == 2.0


def test_a_reading_that_falls_is_held_to_its_neighbours() -> None:
    first, *rest = whole_turn("T", "S", joules=2.0, source="measured")
    high = MeterRead(0.125, 1, 1, 0.0, 5.0, "measured")
    other = MeterRead(0.2, 1, 1, 0.0, 99.0, "modelled")
    ledger = ledger_of([first, high, other, *rest])
    assert ledger.joules("measured") == 2.0
    assert ledger.meters == (("measured", ""),)


def test_energy_read_at_once_is_not_lost() -> None:
    first, *_ = whole_turn("T", "S")
    ledger = ledger_of([first, MeterRead(0.0, 1, 1, 0.0, 1.5, "measured", "package")])
    assert ledger.joules("measured", "package") == 1.5
    assert [(cell.agent, cell.state) for cell in ledger.energy] == [("", "idle")]
