import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.plain import plain, plain_line
from tests.strategies import HOSTILE_TEXTS

ANY = st.text(st.characters(exclude_categories=()), max_size=60) | HOSTILE_TEXTS
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> bool:
    controls = {c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} - {"\n"}
    return not controls and not BIDI & set(text)


@given(ANY)
def test_nothing_that_steers_a_terminal_or_turns_text_remains(text: str) -> None:
    assert harmless(plain(text))


@given(ANY, ANY)
def test_text_cleaned_in_pieces_equals_text_cleaned_whole(first: str, second: str) -> None:
    assert plain(first) + plain(second) == plain(first + second)


@given(ANY)
def test_cleaning_twice_changes_nothing_and_the_result_can_be_written(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    plain(text).encode()


@given(ANY, st.integers(1, 50))
def test_a_line_is_one_line_and_no_longer_than_asked(text: str, limit: int) -> None:
    line = plain_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert harmless(line)


def test_what_people_write_stays() -> None:
    text = "Zürich 東京 😀 👩‍👩‍👧 [b]not markup[/b] `code`\n\tindented"
    assert plain(text) == text.replace("\t", "    ")


def test_escapes_lose_their_teeth() -> None:
    assert plain("\x1b[31mred\x1b]0;title\x07") == "[31mred]0;title"
    assert plain_line("a\r\nb\x00c" + "d" * 300, 10) == "a bcddddd…"
