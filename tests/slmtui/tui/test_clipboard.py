import threading
from types import SimpleNamespace

import pytest
from hypothesis import given

from slmtui.tui import clipboard
from slmtui.tui.clipboard import clean, to_system
from tests.strategies import HOSTILE_TEXTS


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("\x1b[1;31mred\x1b[0m\x9b2J", "red"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x1bP+q\x1b\\b", "alink b"),
        ("\x1b(Ba\x1b=b\x1bc", "ab"),
        ("tab\tkept\nand [brackets]", "tab\tkept\nand [brackets]"),
        ("\u202egpj.exe\u202c \x00\x7f", "gpj.exe "),
        (
            "\x1b]an escape that never ends\nand the text after it",
            "an escape that never ends\nand the text after it",
        ),
        ("👩‍👩‍👧 東京", "👩‍👩‍👧 東京"),
    ],
)
def test_escapes_and_unseen_characters_are_not_copied(text: str, copied: str) -> None:
    assert clean(text) == copied


@given(HOSTILE_TEXTS)
def test_what_is_copied_can_be_copied_again_unchanged(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not {"\x1b", "\x9b", "\x00", "\r"} & set(clean(text))


def test_many_escapes_without_an_end_are_cleaned_in_linear_time() -> None:
    assert clean("\x1b]" * 100_000) == ""


def the_thread() -> None:
    for thread in threading.enumerate():
        if thread.name == "clipboard":
            thread.join(10)


def test_the_clipboard_of_the_system_is_asked_and_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    copied: list[str] = []
    monkeypatch.setitem(sys.modules, "pyperclip", SimpleNamespace(copy=copied.append))
    to_system("one")
    the_thread()
    assert copied == ["one"]

    def refuse(_text: str) -> None:
        raise OSError("no clipboard")

    monkeypatch.setitem(sys.modules, "pyperclip", SimpleNamespace(copy=refuse))
    clipboard._copy("two")
    assert copied == ["one"]
