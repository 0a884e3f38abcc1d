"""The prompt in an editor: a small program stands for the user's."""

import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.outside_editor import EditorError, edited
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, make_app, ready, until

Editor = Callable[[str], str]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """Make an editor of lines of Python, in which `file` is the path that it was given."""

    def make(code: str) -> str:
        script = tmp_path / "my editor.py"
        head = "import os, pathlib, signal, stat, sys\nfile = pathlib.Path(sys.argv[-1])\n"
        script.write_text(f"{head}{code}\n", encoding="utf-8")
        return f"{sys.executable} '{script}'"

    return make


async def test_what_the_editor_writes_comes_back_from_a_private_file(editor: Editor, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = (
        f"mode = stat.S_IMODE(file.parent.stat().st_mode)\n"
        f"pathlib.Path({str(seen)!r}).write_text(f'{{file}} {{mode:o}}')\n"
        "file.write_text(file.read_text().upper())"
    )
    assert await edited(editor(code), "grüße\n") == "GRÜSSE\n"
    path, mode = seen.read_text(encoding="utf-8").split()
    assert mode == "700"
    assert not Path(path).exists()  # noqa: ASYNC240 - a file of a test


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("sys.exit(3)", "ended with 3"),
        ("file.unlink()", "cannot be read"),
        ("file.write_bytes(b'\\xff')", "cannot be read"),
        ("file.write_bytes(b'x' * 5_000_000)", "too long"),
    ],
)
async def test_an_editor_that_fails_is_said(editor: Editor, code: str, why: str) -> None:
    with pytest.raises(EditorError, match=why):
        await edited(editor(code), "text")


@pytest.mark.parametrize("command", ["no-such-editor -w", "'unclosed", "/"])
async def test_an_editor_that_cannot_be_started_is_said(command: str) -> None:
    with pytest.raises(EditorError, match="cannot be started"):
        await edited(command, "text")


async def test_an_interrupt_is_the_editors_alone(editor: Editor) -> None:
    before = signal.getsignal(signal.SIGINT)
    code = (
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "default = signal.getsignal(signal.SIGINT) is signal.default_int_handler\n"
        "file.write_text(str(default))"
    )
    assert await edited(editor(code), "") == "True"
    assert signal.getsignal(signal.SIGINT) is before


# In the app


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


@contextmanager
def no_terminal() -> Iterator[None]:
    yield


@asynccontextmanager
async def pasted(app: SlmApp, text: str) -> AsyncIterator[Pilot[int]]:
    """Run the app without a terminal to give away, with a text in its prompt."""
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "suspend", no_terminal)
            app.chat.prompt.take_paste(text)
            yield pilot


async def test_the_prompt_is_replaced_by_what_the_editor_left(store: Store, editor: Editor) -> None:
    app = make_app(store, editor=editor("file.write_text(file.read_text() + 'two\\x1b[31m\\n')"))
    async with pasted(app, "one") as pilot:
        await pilot.press("ctrl+g")
        await until(pilot, lambda: app.chat.prompt.text == "one\ntwo[31m")


async def test_a_folded_paste_stays_folded_when_nothing_was_changed(store: Store, editor: Editor) -> None:
    app = make_app(store, editor=editor("assert file.read_text().count('x') == 50"))
    async with pasted(app, "x\n" * 50) as pilot:
        label = app.chat.prompt.text
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "changed nothing" in note(app))
        assert app.chat.prompt.text == label


async def test_a_failing_editor_keeps_the_prompt(store: Store, editor: Editor) -> None:
    app = make_app(store, editor=editor("file.write_text('lost'); sys.exit(1)"))
    async with pasted(app, "mine") as pilot:
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "Your prompt is kept" in note(app))
        assert app.chat.prompt.text == "mine"


async def test_without_an_editor_or_a_terminal_it_is_said(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "set $VISUAL or $EDITOR" in note(app))
    app = make_app(store, editor="nano")  # a test has no terminal to give away
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "needs a terminal of its own" in note(app))
