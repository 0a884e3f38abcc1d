"""Text that is not ours, drawn everywhere: nothing raises, and nothing reaches the terminal raw."""

import io
import random
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from textual.app import App, ComposeResult

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.markdown import frozen
from slmtui.tui.plain import plain
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.sessions import SessionsScreen
from slmtui.tui.widgets.answer_block import AnswerBlock
from slmtui.tui.widgets.fold_line import FoldLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend
from tests.strategies import HOSTILE_TEXTS

TEXTS = {
    "markup": "[red]a[/red] [/] [bold [@click=app.quit]x[/] \\[ [link=http://a]",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x1bP+q\x1b\\",
    "nul": "a\x00b\x07c\x08d\x7fe\rf\x0bg",
    "bidi": "\u202egpj.exe\u202c \u2066x\u2069 \u200e\u200f &#x202e; &#27;[31m",
    "wide": "東京😀👩‍👩‍👧\u0301\u0301 \uff46\uff55\uff4c \u200b\ufeff" * 3,
    "surrogate": "half \ud83d a pair",
    "long": "x" * 10_000,
    "fence": "```python\nprint('never closed'\n# [/b] \x1b[0m",
    "table": "| a | b |\n|---|\n| 1 | 2 | 3 |\n\n|x|\n|-|\n",
    "nesting": "> " * 60 + "deep\n" + "- " * 40 + "list\n" + "[" * 50 + "](" * 20,
    "html": "<script>alert(1)</script> <b>x</b> <!-- [x] --> &lt;&copy;",
    "headings": "# \u0301\n## <>&\"'\n### 1 2 3\n# [x](javascript:y)\n***\n",
}


BIDI = {chr(code) for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def raw(screen_text: str) -> set[str]:
    """Return the characters of a drawn screen that steer a terminal or turn its text."""
    bad = {c for c in screen_text if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"}
    return bad | (BIDI & set(screen_text))


def hostile_turn(text: str, request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn).agent(text, text)
    script.add(ev.ContextTrimmed(0, "c", 2, 100, 90, 95, text))
    script.call(text, [("think", text), ("call", text)])
    script.tool(text, text, {text.encode("utf-8", "replace").decode(): text}, text)
    script.tool(text, text, {}, text, status="error")
    script.hand_off(text, text, text).add(ev.LimitReached(0, text, "steps", text))
    script.add(ev.RungTaken(0, text, "c", "reask", text)).add(ev.RungTaken(0, text, "c", "repair", text))
    script.add(ev.CallSkipped(0, text, "answer", text, 312, 40))
    script.add(ev.ApprovalGiven(0, "t", text, text, "no")).add(ev.AnswerChosen(0, text, "c", text, 2, 3))
    script.call(text, [("repair", f'{{"tool": "x", "arguments": {{"a": "{text}')])
    events = script.call(text, [("answer", text)]).end("failed", text)
    started = events[0]
    assert isinstance(started, ev.TurnStarted)
    return [replace(started, engine=replace(started.engine, model=text, quantisation=text)), *events[1:]]


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_hostile_text_is_drawn_plain_everywhere(store: Store, text: str) -> None:
    backend = ScriptedBackend(lambda request, turn: hostile_turn(text, request, turn))
    app = make_app(store, backend, paradigm="single", first_run=text)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, f"{text} ?")
        for step in app.screen.query(FoldLine):
            step.open = True
        app.chat.note(text)
        app.chat.rename_to(text)
        await pilot.pause()
        assert not raw(drawn(app.screen))
        session = app.chat.chat.session
        await app.chat.open_session(session)
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert app.screen.query("FrozenTurn")
        assert not raw(drawn(app.screen))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen) and app.screen.is_mounted)
        app.screen.query_one("Input").value = text[:40]  # type: ignore[attr-defined]
        await pilot.pause()
        assert not raw(drawn(app.screen))
        await pilot.press("escape", "escape", "f5")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.is_mounted)
        await pilot.press("end")
        await until(pilot, lambda: "at the end" in drawn(app.screen))
        assert not raw(drawn(app.screen))


@pytest.mark.parametrize("text", [TEXTS["markup"], TEXTS["ansi"], TEXTS["bidi"]])
async def test_a_hostile_error_of_the_engine_is_drawn_plain(store: Store, text: str) -> None:
    app = make_app(store, ScriptedBackend(problem=text), first_run=text)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert "There is no model" in drawn(app.screen)
        assert not raw(drawn(app.screen))


async def test_a_hostile_paste_is_cleaned_before_it_is_drawn(store: Store) -> None:
    from textual import events

    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.chat.prompt.post_message(events.Paste("one\r\ntwo\x1b[31m \u202ethree\x00"))
        await until(pilot, lambda: app.chat.prompt.text == "one\ntwo[31m three")


class AnswerApp(App[None]):
    def compose(self) -> ComposeResult:
        yield AnswerBlock()


MARKS = [
    *("# ", "- ", "1. ", "> ", "```", "~~~py\n", "|", "|-|", ":-:", "**", "_", "`", "~~", "---\n"),
    *("[", "](", ")", "!", "<b>", "\\", "&#x202e;", "@", "http://x.y/%E2%80%AE "),
    *("\n", "\n\n", "    ", "a", "é", "東", "\u0301"),
]


async def test_streamed_markdown_of_any_kind_is_drawn_and_equals_the_whole() -> None:
    dice = random.Random(7)
    app = AnswerApp()
    async with app.run_test(size=NARROW) as pilot:
        for _ in range(40):
            text = plain("".join(dice.choice(MARKS) for _ in range(dice.randrange(1, 40))))
            block = AnswerBlock()
            await app.mount(block)
            for end in range(0, len(text), 7):
                await block.show(text[:end], done=False)
            await pilot.pause()
            await block.show(text, done=True)
            await pilot.pause()
            assert block.source == text
            assert not raw(drawn(app.screen))
            await block.remove()


@settings(max_examples=150, deadline=None)
@given(HOSTILE_TEXTS | st.lists(st.sampled_from(MARKS), max_size=40).map("".join))
def test_frozen_markdown_of_any_kind_is_drawn(text: str) -> None:
    console = Console(width=40, file=None, color_system=None)
    with console.capture() as capture:
        console.print(frozen(plain(text)))
    assert not raw(capture.get())


@pytest.mark.parametrize("text", ["10063.", "7)", "-", "It is\n\n42.\n", "9.\n\nNothing else."])
async def test_an_answer_that_looks_like_an_empty_list_is_seen(text: str) -> None:
    shown = Console(width=60, record=True, file=io.StringIO())
    shown.print(frozen(text))
    words = text.split()
    assert shown.export_text().split() == words

    app = AnswerApp()
    async with app.run_test(size=NARROW) as pilot:
        block = AnswerBlock()
        await app.mount(block)
        for end in range(1, len(text) + 1):
            await block.show(text[:end], done=False)
        await block.show(text, done=True)
        await pilot.pause()
        assert drawn(app.screen).split() == words
