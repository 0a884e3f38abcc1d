"""Every theme draws every screen so that it can be read, and nothing is told by colour alone."""

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Footer, OptionList

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.legible import FAINT, READ, contrast, legible
from tests.slmtui.tui.contrast import Word, of_widget, ratio, words
from tests.slmtui.tui.driving import WIDE, drawn, make_app, ready, send, until
from tests.slmtui.tui.everywhere import SCREENS, back_to_chat, full_app, go_to
from tests.slmtui.tui.scripted import Script, ScriptedBackend
from tests.slmtui.tui.scripted_models import ScriptedDesk

OF_THE_TERMINAL = {"ansi-dark", "ansi-light"}
PLACES = [scope for scope in SCREENS if scope not in {"item", "report"}]
GROUNDS = ("background", "surface", "panel")


def faint(found: list[Word], least: float) -> list[Word]:
    return [word for word in found if word.contrast < least - 0.05]


def test_the_two_measures_of_contrast_agree() -> None:
    pairs = [((0, 0, 0), (255, 255, 255)), ((18, 52, 86), (200, 180, 20)), ((9, 9, 9), (250, 1, 90))]
    for first, second in pairs:
        assert ratio(first, second) == pytest.approx(contrast(Color(*first), Color(*second)), rel=1e-3)
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


@pytest.mark.parametrize("theme", BUILTIN_THEMES)
def test_the_colours_of_words_can_be_read_on_every_ground(theme: str) -> None:
    given = BUILTIN_THEMES[theme].to_color_system().generate() | BUILTIN_THEMES[theme].variables
    made = legible(given)
    if theme in OF_THE_TERMINAL:
        assert made == given
        return
    grounds = [Color.parse(made[name]) for name in GROUNDS]
    assert [made[name] for name in GROUNDS] == [given[name] for name in GROUNDS]
    for name, least in (
        ("foreground", READ),
        ("text-error", READ),
        ("accent", READ),
        ("foreground-muted", FAINT),
    ):
        assert min(contrast(Color.parse(made[name]), ground) for ground in grounds) >= least - 0.05, name


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    given = {"background": "#000000", "foreground": "#FFFFFF", "error": "#300000", "text": "auto 87%"}
    made = legible(given)
    assert (made["foreground"], made["text"]) == ("#FFFFFF", "auto 87%")
    assert made["error"] != given["error"]
    assert legible({"foreground": "#000000"}) == {"foreground": "#000000"}


async def test_every_theme_draws_every_screen_so_that_it_can_be_read(store: Store, tmp_path: Path) -> None:
    app = full_app(store, tmp_path, settings_desk=None)
    read = 0
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for scope in (each for each in PLACES if each != "settings"):
            await go_to(pilot, scope)
            for theme in BUILTIN_THEMES:
                app.theme = theme
                await pilot.pause()
                found = list(words(app.screen))
                if theme not in OF_THE_TERMINAL:
                    read += len(found)
                    assert len(found) > 5
                    assert faint(found, FAINT) == [], (theme, scope)
                    footer = of_widget(app.screen, app.screen.query_one(Footer))
                    assert faint(footer, READ) == [], (theme, scope)
            await back_to_chat(pilot)
    assert read > 5_000


async def test_what_people_read_and_what_is_marked_has_the_full_contrast(
    store: Store, tmp_path: Path
) -> None:
    app = full_app(store, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await go_to(pilot, "chat")
        app.chat.note("Something is said.")
        for theme in set(BUILTIN_THEMES) - OF_THE_TERMINAL:
            app._kept_theme = theme
            app.theme = theme
            await pilot.pause()
            for name in ("PromptLine", "AnswerBlock", "HeaderLine", "StatusLine", "PromptArea"):
                for widget in app.chat.query(name):
                    seen = of_widget(app.chat, widget) if widget.region else []
                    assert faint(seen, FAINT if name == "PromptArea" else READ) == [], (theme, name)
        for scope in ("sessions", "models", "settings"):
            await go_to(pilot, scope)
            for theme in set(BUILTIN_THEMES) - OF_THE_TERMINAL:
                app._kept_theme = theme
                app.theme = theme
                await pilot.pause()
                rows = app.screen.query_one(OptionList)
                assert rows.highlighted is not None
                assert faint(of_widget(app.screen, rows), FAINT) == [], (theme, scope)
                mark = Color.parse(app.theme_variables["block-cursor-background"])
                marked = [word for word in of_widget(app.screen, rows) if word.ground == mark.rgb]
                assert max(word.contrast for word in marked) >= READ, (theme, scope)
            await back_to_chat(pilot)


# Without colour


async def test_no_color_leaves_greys_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for wanted in (False, True):
        monkeypatch.delenv("NO_COLOR", raising=False)
        if wanted:
            monkeypatch.setenv("NO_COLOR", "1")
        app = make_app(store)
        async with app.run_test(size=WIDE) as pilot:
            await ready(pilot)
            colours = {
                tuple(colour.triplet)
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style
                for colour in (segment.style.color, segment.style.bgcolor)
                if colour is not None and colour.triplet is not None
            }
            assert colours
            assert all(max(each) - min(each) <= 1 for each in colours) is wanted


def failing(request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn).agent("agent", request.prompt)
    script.tool("agent", "calculator", {"expression": "1/0"}, "division by zero", status="error")
    return script.end("failed", "the model gave no answer")


async def test_a_failure_is_told_in_words(store: Store) -> None:
    app = make_app(store, ScriptedBackend(failing))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "go")
        await until(pilot, lambda: not app.chat.busy and bool(app.chat.chat.records))
        text = drawn(app.chat)
        assert "failed" in text
        assert "error" in text or "✗" in text


async def test_running_paradigm_marks_and_the_model_in_use_are_told_in_signs(
    store: Store, tmp_path: Path
) -> None:
    backend = ScriptedBackend(hold=4)
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert "[Base]" in drawn(app.chat)
        await pilot.press("shift+tab")
        await until(pilot, lambda: "[Agent]" in drawn(app.chat) and "[Base]" not in drawn(app.chat))
        await send(pilot, "go")
        await until(pilot, lambda: "running" in drawn(app.chat).splitlines()[0])
        backend.go.set()
        await until(pilot, lambda: not app.chat.busy)
        await pilot.press("alt+up")
        await until(pilot, lambda: "▌" in drawn(app.chat) or "█" in drawn(app.chat))
        await pilot.press("escape", "ctrl+o")
        await until(pilot, lambda: f"{CHOSEN} Agent" in drawn(app.screen))
