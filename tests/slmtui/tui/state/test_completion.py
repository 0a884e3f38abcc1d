from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.commands import COMMANDS
from slmtui.tui.state.completion import MOST, Choice, Completer, Offer, Picking

NAMES = [Choice("base", "base", "Base"), Choice("single", "single", "Agent")]
FILES = ("notes.txt", "docs/my notes.txt", "src/main.py")
COMPLETER = Completer(COMMANDS, {"paradigm": lambda: NAMES}, lambda: FILES)


def texts(offer: Offer | None) -> list[str]:
    return [choice.text for choice in offer.choices] if offer is not None else []


def test_slash_commands_come_from_the_registry_with_their_description() -> None:
    offer = COMPLETER.offer("/par", 0)
    assert offer is not None
    assert (offer.start, offer.end, offer.marked) == (0, 4, True)
    choice = offer.choices[0]
    assert (choice.text, choice.label) == ("/paradigm ", "/paradigm NAME")
    assert choice.about.startswith("Choose the paradigm")


def test_commands_that_begin_so_come_before_those_that_hold_it() -> None:
    assert texts(COMPLETER.offer("/re", 0))[0].startswith("/re")
    assert any(not text.startswith("/re") for text in texts(COMPLETER.offer("/re", 0)))


def test_a_slash_is_a_command_only_at_the_very_beginning() -> None:
    assert COMPLETER.offer(" /par", 0) is None
    assert COMPLETER.offer("/par", 1) is None
    assert COMPLETER.offer("/nothing-like-it", 0) is None


def test_arguments_are_offered_without_one_being_marked() -> None:
    offer = COMPLETER.offer("/paradigm ", 0)
    assert offer is not None
    assert (offer.start, offer.marked, texts(offer)) == (10, False, ["base", "single"])
    assert texts(COMPLETER.offer("/paradigm AGE", 0)) == []
    assert texts(COMPLETER.offer("/paradigm SI", 0)) == ["single"]
    assert COMPLETER.offer("/paradigm single", 0) is None
    assert COMPLETER.offer("/rename x", 0) is None


def test_files_are_offered_where_a_word_begins_with_the_sign() -> None:
    assert texts(COMPLETER.offer("see @no", 3)) == ["@notes.txt ", '@"docs/my notes.txt" ']
    assert texts(COMPLETER.offer('see @"docs/my n', 0)) == ['@"docs/my notes.txt" ']
    assert texts(COMPLETER.offer("@", 0)) == ["@notes.txt ", '@"docs/my notes.txt" ', "@src/main.py "]
    assert COMPLETER.offer("me@no", 0) is None
    assert COMPLETER.offer("@notes.txt ", 0) is None


def test_no_more_are_offered_than_can_be_looked_at() -> None:
    many = Completer((), {}, lambda: [f"x{number}" for number in range(10_000)])
    assert len(texts(many.offer("@9", 0))) == MOST
    assert len(texts(many.offer("@x", 0))) == MOST


def test_the_mark_goes_around_the_ends() -> None:
    picking = Picking()
    assert picking.chosen is None
    picking.show(Offer(0, 1, tuple(NAMES), marked=False))
    assert (picking.is_open, picking.chosen) == (True, None)
    picking.move(1)
    assert picking.chosen == NAMES[0]
    picking.move(-1)
    assert picking.chosen == NAMES[1]
    picking.close()
    assert not picking.is_open
    picking.move(1)
    assert picking.chosen is None


@given(st.text(alphabet='/@" abnotes.\n', max_size=20), st.integers(0, 2))
def test_an_offer_fits_into_what_is_typed(before: str, row: int) -> None:
    offer = COMPLETER.offer(before, row)
    if offer is not None:
        assert 0 <= offer.start <= offer.end == len(before)
        assert offer.choices
