"""Notes and the switches of help, from the chat."""

from collections.abc import Sequence
from pathlib import Path

from textual.widgets import Input, OptionList

from agents.helps import MEANING, Helps
from sessions.store import Store
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.screens.chat.notes import NO_FOLDER
from slmtui.tui.screens.notes_list import NotesList
from slmtui.tui.screens.switches import SwitchesMenu
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, app_of, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tools.note_files import NoteFile, NotesError, Skipped


class Desk:
    """Notes that are kept in a list."""

    def __init__(self, *names: str, wrong: str = "") -> None:
        self.names = list(names)
        self.wrong = wrong
        self.added: list[str] = []

    def add(self, text: str) -> str:
        if self.wrong:
            raise NotesError(self.wrong)
        self.added.append(text)
        return "2026-01-02.md"

    def files(self) -> Sequence[NoteFile | Skipped]:
        if self.wrong:
            raise NotesError(self.wrong)
        return [Skipped("[b]link[/b].md", "a link"), *(NoteFile(Path(n), n, 0, 1234) for n in self.names)]

    def reindex(self) -> str:
        return f"{len(self.names)} notes: 1 read"


def note(app: object) -> str:
    return str(app.chat.query_one(StatusLine).content)  # type: ignore[attr-defined]


async def test_a_note_is_added_without_a_question_and_the_prompt_goes_nowhere(store: Store) -> None:
    desk, backend = Desk(), ScriptedBackend()
    app = make_app(store, backend, notes=desk)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/note [b]milk[/b] and bread")
        await until(pilot, lambda: "Noted in 2026-01-02.md." in note(app))
        await send(pilot, "/note")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = "eggs"
        await pilot.press("enter")
        await until(pilot, lambda: len(desk.added) == 2)
        await send(pilot, "/reindex")
        await until(pilot, lambda: "0 notes: 1 read" in note(app))
        assert app.chat.prompt.text == ""
    assert desk.added == ["[b]milk[/b] and bread", "eggs"]
    assert backend.requests == []


async def test_the_notes_are_listed_with_what_is_left_out(store: Store) -> None:
    app = make_app(store, notes=Desk("house.md", "recipes/pancakes.md"))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/notes")
        await until(pilot, lambda: isinstance(app.screen, NotesList) and app.screen.is_mounted)
        await until(pilot, lambda: "recipes/pancakes.md · 1.23 kB" in drawn(app.screen))
        assert "2 notes" in drawn(app.screen)
        assert "✗ [b]link[/b].md · left out: a link" in drawn(app.screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_without_a_folder_or_with_a_wrong_one_the_note_says_what_to_do(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        for line in ("/note milk", "/note", "/notes", "/reindex"):
            app.chat.status.forget()
            await send(pilot, line)
            await until(pilot, lambda: note(app) == NO_FOLDER)
            assert app.screen is app.chat
    wrong = make_app(store, notes=Desk(wrong="There is no notes folder here: create it, or name another."))
    async with wrong.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        for line in ("/note milk", "/notes"):
            wrong.chat.status.forget()
            await send(pilot, line)
            await until(pilot, lambda: "create it" in note(wrong))


async def test_a_switch_is_set_for_the_next_prompt_and_for_this_session_alone(store: Store) -> None:
    backend = ScriptedBackend()
    usual = Helps(examples=6)
    app = make_app(store, backend, helps=usual)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "before")
        await send(pilot, "/switch think on")
        await until(pilot, lambda: "think is on from the next prompt on" in note(app))
        await ask(pilot, "after")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: app.chat.chat.session is None)
        await ask(pilot, "elsewhere")
    assert [(r.helps.examples, r.helps.think) for r in backend.requests if r.helps] == [
        (6, False), (6, True), (6, False),
    ]  # fmt: skip


async def test_a_wrong_switch_is_refused_with_the_reason(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        for line, reason in (
            ("/switch think perhaps", "it should be on or off"),
            ("/switch thinking on", "there is no switch named 'thinking'"),
            ("/switch examples many", "it should be a whole number"),
            ("/switch [b]x[/b]", "A switch needs a value"),
        ):
            app.chat.status.forget()
            await send(pilot, line)
            await until(pilot, lambda reason=reason: reason in note(app))  # type: ignore[misc]
        assert app.chat.chat.helps == Helps()


async def test_the_switches_are_listed_and_one_is_set_from_the_list(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=(120, 60)) as pilot:
        await ready(pilot)
        await send(pilot, "/switches")
        await until(pilot, lambda: isinstance(app.screen, SwitchesMenu) and app.screen.is_mounted)
        assert app.screen.query_one(OptionList).option_count == len(MEANING)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("2", "enter")
        await until(pilot, lambda: app.chat.chat.helps.examples == 2 and app.screen is app.chat)
        await send(pilot, "/switches")
        await until(pilot, lambda: "set in this session; was 4" in drawn(app_of(pilot).screen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
