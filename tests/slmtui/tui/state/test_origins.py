from hypothesis import given
from hypothesis import strategies as st

from agents import events as ev
from sessions.attributing.cells import InputCell
from sessions.ledger import ledger_of
from slmtui.tui.state.origins import AVOIDABLE, NEW, REUSED, origin_rows, table
from tests.strategies import turns

WIDTH = 24


@given(st.booleans().flatmap(lambda finished: turns(finished=finished, busy=True)))
def test_rows_sum_to_the_prompt_and_bars_to_their_rows(events: list[ev.Event]) -> None:
    ledger = ledger_of(events)
    for call in {cell.call for cell in ledger.input}:
        cells = [cell for cell in ledger.input if cell.call == call]
        *rows, total = origin_rows(cells, WIDTH)
        assert total.total == sum(row.total for row in rows) == sum(cell.prompt for cell in cells)
        assert max(len(row.bar) for row in rows) == WIDTH
        for row in rows:
            signs = (row.bar.count(sign) for sign in (REUSED, NEW, AVOIDABLE))
            assert all(
                parts or not sign
                for sign, parts in zip(signs, (row.reused, row.new, row.avoidable), strict=True)
            )


def test_a_table_has_tags_words_and_figures() -> None:
    cells = [InputCell("a", "c", "tool_result", 1, 2, 1), InputCell("a", "c", "system", 1204, 0, 0)]
    assert table(origin_rows(cells, 4)) == [
        "                 reused ░  new █  avoidable ▚  in all",
        "SYS system          1 204      0            0   1 204  ░░░░",
        "RES tool result         1      2            1       4  █",
        "    total           1 205      2            1   1 208",
    ]


def test_no_tokens_are_a_total_of_zero() -> None:
    (total,) = origin_rows([], WIDTH)
    assert (total.origin, total.total) == ("total", 0)
