from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.plain import plain
from slmtui.tui.state.call_facts import UNKNOWN_EFFECT, arguments_text, effect_in_words, is_long
from tests.strategies import HOSTILE_TEXTS, JSON_VALUES


def test_the_effect_is_told_in_words_and_an_unknown_one_is_not_passed_over() -> None:
    assert effect_in_words("writes") == "It writes: something of yours is changed."
    assert effect_in_words("reaches out").startswith("It reaches out:")
    assert effect_in_words("launches") == UNKNOWN_EFFECT


def test_arguments_stand_under_one_another() -> None:
    shown = arguments_text({"text": "Buy milk\nand bread", "times": [1, 2]}, unfolded=True)
    assert shown.splitlines()[:3] == ["text", "    Buy milk", "    and bread"]
    assert shown.splitlines()[3:] == ["times", "    [", "      1,", "      2", "    ]"]
    assert arguments_text({}, unfolded=False) == "without arguments"


def test_a_long_value_is_folded_and_says_how_much_is_missing() -> None:
    arguments = {"text": "x" * 5000}
    folded = arguments_text(arguments, unfolded=False)
    assert is_long(arguments)
    assert "… 4 400 more characters" in folded
    assert arguments_text(arguments, unfolded=True).count("x" * 5000) == 1
    assert not is_long({"text": "short"})


def test_hidden_characters_are_left_out_and_told() -> None:
    shown = arguments_text({"text": "rm\u202e -rf\x1b[2J"}, unfolded=False)
    assert "rm -rf[2J" in shown
    assert "(it holds characters that cannot be shown)" in shown
    assert "cannot be shown" not in arguments_text({"text": "a\r\nb\tc"}, unfolded=False)


@given(st.dictionaries(HOSTILE_TEXTS, JSON_VALUES | HOSTILE_TEXTS, max_size=3), st.booleans())
def test_any_arguments_are_shown_clean(arguments: dict[str, object], unfolded: bool) -> None:
    shown = arguments_text(arguments, unfolded=unfolded)
    assert shown == plain(shown)
