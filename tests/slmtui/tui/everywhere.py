"""Opens every screen of the app, one after another, as its user would."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from textual.pilot import Pilot
from textual.screen import Screen

from sessions.store import Store
from slmtui.settings_desk import SettingsDesk
from slmtui.tui.app import SlmApp
from slmtui.tui.command import Scope
from slmtui.tui.screens.chat.screen import ChatScreen
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.screens.details import DetailsScreen
from slmtui.tui.screens.help import HelpScreen
from slmtui.tui.screens.log import LogScreen
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.run_item import RunItemScreen
from slmtui.tui.screens.run_report import ReportScreen
from slmtui.tui.screens.runs import RunsScreen
from slmtui.tui.screens.sessions import SessionsScreen
from slmtui.tui.screens.settings.screen import SettingsScreen
from tests.sessions.comparisons import keep_run
from tests.slmtui.tui.driving import app_of, drawn, keep_turns, make_app, ready, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.scripted_models import ScriptedDesk

SCREENS: Mapping[Scope, type[Screen[object]]] = {
    "chat": ChatScreen, "panel": ChatScreen, "turn": ChatScreen, "compare": CompareScreen,
    "details": DetailsScreen, "sessions": SessionsScreen, "replay": ReplayScreen, "runs": RunsScreen,
    "report": ReportScreen, "item": RunItemScreen, "models": ModelsScreen, "settings": SettingsScreen,
    "manual": HelpScreen, "log": LogScreen,
}  # type: ignore[assignment]  # fmt: skip
OPENED_BY: Mapping[Scope, str] = {
    "compare": "f4", "details": "f9", "sessions": "ctrl+r", "replay": "f5", "runs": "f6", "models": "f3",
    "settings": "f2", "manual": "f1", "log": "ctrl+l",
}  # fmt: skip


def settled_desk(folder: Path, text: str = "") -> SettingsDesk:
    """Return a desk over a settings file with a text."""
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return SettingsDesk({}, folder, {})


def full_app(store: Store, folder: Path, **options: object) -> SlmApp:
    """Return an app with a session, a run, models, settings and a log."""
    keep_run(store, 4, title="a run")
    log = folder / "engine.log"
    log.write_text("llama: loaded\nllama: warm\n", encoding="utf-8")
    given = {
        "session": keep_turns(store, "base", "single", "multi"),
        "engine_log": log,
        "model_desk": ScriptedDesk(),
        "settings_desk": settled_desk(folder / "config"),
        **options,
    }
    return make_app(store, ScriptedBackend(), **given)


async def go_to(pilot: Pilot[int], scope: Scope) -> None:
    """Open the screen of a scope from the chat, and give it the focus."""
    app = app_of(pilot)
    await ready(pilot)
    if scope == "panel":
        await pilot.press("f8")
        await until(pilot, lambda: app.chat.panel.has_focus)
    elif scope == "turn":
        await pilot.press("alt+up")
        await until(pilot, lambda: app.chat.focused is not app.chat.prompt)
    elif scope in {"report", "item"}:
        await _to_run(pilot, scope)
    elif scope != "chat":
        await pilot.press(OPENED_BY[scope])
    await until(pilot, lambda: isinstance(app.screen, SCREENS[scope]))
    await pilot.pause()


async def _to_run(pilot: Pilot[int], scope: Scope) -> None:
    app = app_of(pilot)
    await go_to(pilot, "runs")
    await until(pilot, lambda: "a run" in drawn(app.screen))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.findings is not None)
    if scope == "item":
        await pilot.press("7")
        await until(pilot, lambda: "4 of 4 items" in drawn(app.screen))
        await pilot.press("enter")


async def back_to_chat(pilot: Pilot[int]) -> None:
    """Leave whatever is open."""
    app = app_of(pilot)
    for _ in range(6):
        if app.screen is app.chat:
            break
        await pilot.press("escape")
    await until(pilot, lambda: app.screen is app.chat)
    app.chat.prompt.focus()


Steps = Callable[[Pilot[int]], Awaitable[None]]
