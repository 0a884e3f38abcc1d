"""Answers that would hold up the screen: the work on them is bounded, and nothing of them is lost."""

import io

import pytest
from hypothesis import given, settings
from rich.console import Console
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll

from slmtui.tui.markdown import (
    MOST_CHARACTERS,
    MOST_GROWING,
    MOST_PIECES,
    NOT_FORMATTED,
    frozen,
    parser,
    pieces,
)
from slmtui.tui.plain import MOST_LINES, beginning_of, plain
from slmtui.tui.widgets.answer_block import AnswerBlock
from tests.slmtui.tui.driving import NARROW, drawn
from tests.slmtui.tui.hostile import LARGE, STRANGE, TEXTS, steering

MOST_TOKENS = 60_000


class OneAnswer(App[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield AnswerBlock()


def widgets(app: App[None]) -> int:
    return sum(1 for _ in app.query_one(AnswerBlock).walk_children())


@pytest.mark.parametrize("text", LARGE.values(), ids=list(LARGE))
@pytest.mark.parametrize("growing", [False, True])
def test_what_is_to_be_drawn_of_a_text_is_bounded(text: str, growing: bool) -> None:
    tokens = parser(growing=growing).parse(text)
    inside = [child for token in tokens for child in token.children or ()]
    assert len(tokens) + len(inside) <= MOST_TOKENS
    assert pieces(tokens) <= max(MOST_PIECES, MOST_TOKENS / 100)
    assert not [token for token in tokens if token.level > 15]


@pytest.mark.parametrize("name", ["list", "rows", "paragraphs", "nested list", "code", "columns"])
async def test_a_large_answer_is_few_widgets_at_once_and_while_it_grows(name: str) -> None:
    text = LARGE[name]
    app = OneAnswer()
    async with app.run_test(size=NARROW) as pilot:
        block = app.query_one(AnswerBlock)
        for end in range(500, 5_000, 900):
            await block.show(text[:end], done=False)
            assert widgets(app) <= 3 * MOST_PIECES
        await block.show(text, done=False)
        await block.show(text + "\nthe end", done=False)
        assert widgets(app) <= 3 * MOST_PIECES
        await block.show(text + "\nthe end", done=True)
        await pilot.pause()
        assert widgets(app) <= 3 * MOST_PIECES
        assert block.source == text + "\nthe end"


async def test_a_long_list_is_drawn_as_written_while_it_grows_and_formatted_then() -> None:
    text = "".join(f"- item {n}\n" for n in range(MOST_GROWING))
    app = OneAnswer()
    async with app.run_test(size=(80, 200)) as pilot:
        block = app.query_one(AnswerBlock)
        for end in range(0, len(text), 40):
            await block.show(text[:end], done=False)
        await block.show(text, done=False)
        await pilot.pause()
        assert widgets(app) < 10
        assert "- item 0" in drawn(app.screen)
        assert f"- item {MOST_GROWING - 1}" in drawn(app.screen)
        await block.show(text + "\nThat is all.", done=False)
        await pilot.pause()
        assert "• item 0" in drawn(app.screen)
        assert "That is all." in drawn(app.screen)
        await block.show(text + "\nThat is all.", done=True)
        await pilot.pause()
        assert "• item 0" in drawn(app.screen)


async def test_an_answer_that_becomes_too_long_is_drawn_as_written_and_goes_on() -> None:
    text = "A **bold** word.\n\n" * (MOST_CHARACTERS // 18)
    app = OneAnswer()
    async with app.run_test(size=NARROW) as pilot:
        block = app.query_one(AnswerBlock)
        await block.show("A **bold** word.\n\n" * 3, done=False)
        await pilot.pause()
        assert "A bold word." in drawn(app.screen)
        for more in ("", "x" * 400, "x" * 800):
            await block.show(text + more, done=False)
        await pilot.pause()
        assert "A **bold** word." in drawn(app.screen)
        assert widgets(app) == 1
        await block.show(text + "x" * 800, done=True)
        await pilot.pause()
        assert NOT_FORMATTED in " ".join(drawn(app.screen).split())


def shown(text: str) -> str:
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(frozen(text))
    return console.export_text()


def test_text_that_is_nested_too_deep_is_seen() -> None:
    assert "deep" in shown("> " * 60 + "deep")
    assert "deep" in shown("".join("  " * n + "- a\n" for n in range(40)) + "  " * 40 + "- deep")
    assert "deep" in shown("> " * 12 + "deep")


def test_a_definition_of_a_link_is_seen() -> None:
    assert "http://a.b" in shown("[the key]: http://a.b 'its title'\n\nSee [the key].")


def test_an_indent_is_kept_in_what_is_drawn_as_written() -> None:
    assert "\u00a0\u00a0\u00a0\u00a0return 1" in shown("def f():\n    return 1\n" + "x" * MOST_CHARACTERS)


def test_the_end_of_a_very_long_text_is_told_not_drawn() -> None:
    assert beginning_of("a\nb\n") == "a\nb\n"
    assert beginning_of("a\n" * 10, lines=3) == "a\na\na\n… 7 more lines are not shown"
    assert beginning_of("x" * 12_345, characters=10) == "x" * 10 + "\n… 12 335 more characters are not shown"
    many = "ab\n" * (MOST_LINES + 15_000)
    assert shown(many).rstrip().endswith("… 15 000 more lines are not shown")


@settings(max_examples=200, deadline=None)
@given(STRANGE)
def test_strange_answers_are_drawn_plain(text: str) -> None:
    assert not steering(shown(plain(text)))


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_an_answer_is_drawn_plain_wherever_it_is_cut(text: str) -> None:
    whole = f"{text} `{text}` **{text}**\n\n- {text}\n\n```\n{text}\n```\n"
    app = OneAnswer()
    async with app.run_test(size=NARROW) as pilot:
        block = app.query_one(AnswerBlock)
        for end in range(0, len(whole), 3):
            await block.show(plain(whole[:end]), done=False)
            assert not steering(drawn(app.screen))
        await block.show(plain(whole), done=True)
        await pilot.pause()
        assert not steering(drawn(app.screen))
