from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from slmtui.tui.plain import plain
from slmtui.tui.state.cells import cut, padded, wrapped
from tests.strategies import HOSTILE_TEXTS

WIDE = st.text(st.sampled_from("ab -é漢字🙂"), max_size=60)
LINES = (HOSTILE_TEXTS | WIDE).map(lambda text: plain(text).replace("\n", " "))


@given(HOSTILE_TEXTS | WIDE, st.integers(0, 30))
def test_cut_and_padded_text_fits(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert cell_len(padded(text, width)) == width


@given(LINES, st.integers(2, 20))
def test_pieces_fit_and_are_the_line(line: str, width: int) -> None:
    pieces = list(wrapped(line, width))
    assert "".join(line[start:end] for start, end in pieces) == line
    assert all(cell_len(line[start:end]) <= width for start, end in pieces)
    assert pieces


def test_words_stay_whole_where_there_is_room() -> None:
    assert [slice(*piece) for piece in wrapped("one two three", 8)] == [slice(0, 8), slice(8, 13)]


def test_no_width_is_no_wrapping() -> None:
    assert list(wrapped("a long line", 0)) == [(0, 11)]
