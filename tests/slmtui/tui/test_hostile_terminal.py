"""Every screen is walked with hostile texts in every place, and what reaches the terminal is read."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from sessions.store import Store
from slmtui.settings_desk import SettingsDesk
from slmtui.tui.app import SlmApp
from slmtui.tui.options import ModelChoice
from slmtui.tui.widgets.fold_line import FoldLine
from tests.slmtui.tui.driving import WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.hostile import TEXTS, Terminal, recorded
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.scripted_models import SMOL, ScriptedDesk
from tests.slmtui.tui.test_hostile import hostile_turn
from tests.slmtui.tui.test_notes_and_switches import Desk

BAD = pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))


def app_full_of(text: str, store: Store, folder: Path) -> SlmApp:
    """Return an app in which whatever is not its own is this text."""
    encodable = text.encode("utf-8", "replace").decode()
    log = folder / "engine.log"
    log.write_text(f"{encodable}\n" * 50, encoding="utf-8")
    (folder / "settings.toml").write_text("", encoding="utf-8")
    assert SMOL.facts is not None
    facts = replace(SMOL.facts, name=text, quantisation=text, licence=text, architecture=text)
    entries = (
        replace(SMOL, name=text, path=text, source=text, facts=facts),
        replace(SMOL, name=text + "2", path=text + "2", facts=None, fit=None, problem=text),
    )
    return make_app(
        store,
        ScriptedBackend(lambda request, turn: hostile_turn(text, request, turn)),
        paradigm="single",
        first_run=text,
        models=lambda: (ModelChoice(text, text, text, text, text, text), ModelChoice(text + "2", text, "/m")),
        model_desk=ScriptedDesk(entries),
        notes=Desk(text, text + ".md"),
        engine_log=log,
        settings_desk=SettingsDesk({"SLMTUI_DB": encodable.replace("\0", "")}, folder, {}),
        folder=folder,
    )


@BAD
async def test_nothing_hostile_reaches_the_terminal_raw(
    store: Store, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(monkeypatch) as terminal:
        app = app_full_of(text, store, tmp_path)
        async with app.run_test(size=WIDE, notifications=True, tooltips=True) as pilot:
            await ready(pilot)
            await ask(pilot, f"ask {text}")
            for step in app.screen.query(FoldLine):
                step.open = True
            app.chat.note(text)
            app.chat.rename_to(text)
            await pilot.pause()
            session = app.chat.chat.session
            assert session is not None
            store.tag(session, f"a{text}")
            assert terminal.text
            assert not terminal.raw
            for key in ("f9", "f3", "ctrl+l", "f2", "f1", "ctrl+r", "f4", "f5", "ctrl+f"):
                await pilot.press(key)
                await until(pilot, lambda: app.screen is not app.chat)
                await pilot.pause()
                if key == "f9":
                    await pilot.press("down", "enter")
                app.say(text)
                await pilot.pause()
                assert not terminal.raw, key
                for _ in range(5):
                    if app.screen is not app.chat:
                        await pilot.press("escape")
                        await pilot.pause()
                await until(pilot, lambda: app.screen is app.chat)
            app.chat.prompt.focus()
            for slash in ("/notes", f"/note {text}", f"/model {text}", f"/settings {text}"):
                await send(pilot, slash)
                await pilot.pause()
                assert not terminal.raw, slash
                await pilot.press("escape", "escape")
                app.chat.prompt.put("")
        assert not terminal.raw


@BAD
async def test_a_copied_text_carries_nothing_hostile(
    store: Store, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(monkeypatch) as terminal:
        app = make_app(store)
        async with app.run_test() as pilot:
            await ready(pilot)
            app.copy_to_clipboard(f"a\u00a0b {text}")
        sent = terminal.text.rpartition("\x1b]52;c;")[2].partition("\x07")[0]
        copied = Terminal([base64.b64decode(sent).decode().replace("\t", "")])
        assert copied.text.startswith("a b")
        assert not copied.raw


def test_the_recording_terminal_sees_what_is_hostile() -> None:
    assert not Terminal(["\x1b[1;38;2;66;66;66mx\x1b[0m\x1b[3;4H\x1b[?2026h"]).raw
    for bad in (TEXTS["escapes"], TEXTS["unseen"], "\x1b[66m", "\x1b]0;x\x07", "\x9b2J", "a\rb", "\u202e"):
        assert Terminal(["ab", bad]).raw


async def test_settings_that_no_word_fits_say_so(store: Store, tmp_path: Path) -> None:
    app = app_full_of("x", store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/settings no such words")
        await until(pilot, lambda: "No setting holds these words." in drawn(app.screen))


async def test_a_prompt_of_many_lines_is_drawn_in_part_live_and_frozen(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "line\n" * 5_000 + "end")
        assert app.chat.pane.transcript.virtual_size.height < 400
        await app.chat.open_session(app.chat.chat.session)
        await pilot.pause()
        assert app.screen.query("FrozenTurn")
        assert app.chat.pane.transcript.virtual_size.height < 400
