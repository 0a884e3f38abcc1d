from pathlib import Path

import pytest

from slmtui.backend import TokenCount
from slmtui.tui.state.context_room import Room, room_in, told
from slmtui.tui.state.folded_paste import FoldedPastes
from slmtui.tui.state.token_guess import EXACT, guess
from slmtui.tui.state.weighing import Surrounding, weigh


def words(text: str) -> TokenCount:
    return TokenCount(len(text.split()), exact=True)


def test_the_room_is_what_the_engine_keeps_free_of_the_answer() -> None:
    assert room_in(2048, 1024, 6, 100) == Room(whole=1530, history=100)
    assert room_in(2048, 200, 6, 0).whole == 1842
    assert room_in(10, 8, 100, 0).left == 0


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (900, "900 tokens of ~900 left"),
        (901, "⚠ 901 tokens of ~900 left: earlier turns give way"),
        (1_001, "⚠ 1 001 tokens of ~900 left: it will not fit"),
    ],
)
def test_what_does_not_fit_is_warned_of_in_words(tokens: int, said: str) -> None:
    assert told(TokenCount(tokens, exact=True), Room(1000, 100)) == said


def test_an_estimate_is_marked_and_without_a_model_nothing_is_said_of_room() -> None:
    assert told(TokenCount(3, exact=False), None) == "~3 tokens"


def test_long_texts_are_guessed_from_samples() -> None:
    assert guess(words, "a b c") == TokenCount(3, exact=True)
    long = "word " * EXACT
    about = guess(words, long)
    assert not about.exact
    assert about.tokens == pytest.approx(EXACT, rel=0.01)


def test_a_prompt_is_weighed_as_the_model_sees_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("one two three four", encoding="utf-8")
    pastes = FoldedPastes()
    draft = f"read @notes.txt and {pastes.fold('five six', 2)}"
    weighed = weigh(draft, pastes, tmp_path, words, Surrounding(100, 40, "be kind", "past words"))
    assert weighed.files == (("notes.txt", 4),)
    assert weighed.told == "12 tokens of ~71 left"


def test_a_file_that_cannot_go_is_said_and_the_rest_is_counted(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"\0")
    weighed = weigh("read @blob", FoldedPastes(), tmp_path, words, Surrounding(0, 0, "", ""))
    assert weighed.told == "2 tokens"
    assert weighed.problem == "@blob is not attached: it is not a text file."
