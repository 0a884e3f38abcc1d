import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.plain_text import one_line, plain, quoted, visible

CHARACTERS = "ab \n\t\r\x00\x07\x1b[]0;31m\\P^_\x9b\x9d\x85\u202e\u200b\ud800\U000e0041\ufe01\ufe0f"
HOSTILE = st.text(st.sampled_from(CHARACTERS))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
        ("\x1b]52;c;aGk=\x07paste", "paste"),
        ("\x1b]never ended\nkept", "\nkept"),
        ("\x1bPdevice\x1b\\shown", "shown"),
        ("\x9b2Jclear", "clear"),
        ("\x1b\x1b[[31m", "31m"),
        ("a\x00b\x08c", "abc"),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("page\x0cbreak\u2028line", "page break line"),
        ("safe\u202etxt.exe\u2066", "safetxt.exe"),
        ("hidden\U000e0068\U000e0069\U000e0101", "hidden"),
        ("\u2764\ufe0f\ufe00\ufe03\u200b\ufe05", "\u2764\ufe0f"),
        ("soft\u00adly", "softly"),
        ("tab\tstays, so do é, 漢 and 👩\u200d🚀", "tab\tstays, so do é, 漢 and 👩\u200d🚀"),
    ],
)
def test_plain(written: str, meant: str) -> None:
    assert plain(written) == meant


@given(st.text() | HOSTILE)
def test_nothing_unprintable_survives(text: str) -> None:
    cleaned = plain(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)
    assert plain(cleaned) == cleaned
    assert "\n" not in one_line(text, 20)
    assert len(one_line(text, 20)) <= 20


def test_names_and_quotes() -> None:
    assert visible("a\x1b\u202e\udcff.md") == "a\\x1b\\u202e\\udcff.md"
    assert quoted("x" * 100, 10) == "'xxxxxxxxx…'"
    assert quoted({"a": 1}) == "a dict"
    assert quoted(True) == "'True'"
