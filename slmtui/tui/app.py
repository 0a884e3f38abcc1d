"""The app: it loads the model, holds the screens' surroundings, and leaves in good order."""

import asyncio
import gc
import logging
from collections.abc import Iterable
from importlib import import_module
from typing import ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, TextArea

from sessions.store import Store
from slmtui.backend import Backend
from slmtui.tui.bindings import bindings, short
from slmtui.tui.clipboard import clean, to_system
from slmtui.tui.keymap import NO_KEY, Keymap
from slmtui.tui.legible import legible
from slmtui.tui.options import AppOptions
from slmtui.tui.palette import RegistryCommands
from slmtui.tui.plain import plain
from slmtui.tui.screens.chat.screen import ChatScreen

_log = logging.getLogger(__name__)

QUIT_TWICE_S = 2.0
LEAVE_S = 3.0
SAVE_S = 5.0
"""Seconds that leaving may take: to end a running turn, and to save what the KV cache holds."""


class SlmApp(App[int]):
    """Chat with a small language model, and see what every turn costs."""

    TITLE = "slmtui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = {RegistryCommands}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    ENABLE_COMMAND_PALETTE = True
    VERTICAL_BREAKPOINTS = [(0, "-short"), (15, "-tall")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, backend: Backend, store: Store, options: AppOptions) -> None:
        super().__init__()
        self.options = options
        self.keymap = Keymap(options.keymap)
        self.chat = ChatScreen(backend, store, options)
        self._kept_theme = self.theme
        self._ctrl_c_at = -QUIT_TWICE_S
        self._left = False

    async def on_mount(self) -> None:
        """Show the chat at once, and load the model behind it."""
        self.set_keymap(self.keymap.for_textual())
        if self.options.theme in self.available_themes:
            self._kept_theme = self.theme = self.options.theme
        await self.push_screen(self.chat)
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        self.run_worker(self._start_backend(), group="engine", exclusive=True, exit_on_error=False)

    async def _start_backend(self) -> None:
        """Load the model; the chat is told how it goes."""
        await asyncio.to_thread(import_module, "slmtui.tui.widgets.answer_block")  # it parses Markdown
        if not self.is_headless:
            gc.freeze()  # what is there now stays: full collections were the longest stalls of the screen
        await self.chat.keeper.load()

    # Commands

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Leave the palette to the registry."""
        return ()

    def get_key_display(self, binding: Binding) -> str:
        """Return how the footer writes the key of a binding: those of the user like the others."""
        if binding.key == NO_KEY:
            return ""
        return binding.key_display or short(binding.key)

    def action_help(self) -> None:
        """Show the keys and commands, those of what has the focus first; or go back from them."""
        from slmtui.tui.screens.help import HelpScreen  # noqa: PLC0415 - after the first paint

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen.over(self.screen, self.options.version, self.keymap.keys_of))

    def action_keys_panel(self) -> None:
        """Show the keys that work now at the side, or hide them."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_settings(self, words: str = "") -> None:
        """Show the settings, those that hold some words; or go back from them."""
        from slmtui.tui.screens.settings.screen import SettingsScreen  # noqa: PLC0415 - after the first paint

        if isinstance(self.screen, SettingsScreen):
            self.screen.dismiss()
        elif self.options.settings_desk is None:
            self.say("This app was started without a settings file.")
        else:
            self.push_screen(SettingsScreen(self.options.settings_desk, words))

    def take_settings(self) -> None:
        """Take what can count now from the settings, after one of them was changed."""
        if self.options.settings_desk is None:
            return
        settings = self.options.settings_desk.settings()
        self.keymap = Keymap(settings.keys)
        self.set_keymap(self.keymap.for_textual())
        if settings.theme in self.available_themes:
            self._kept_theme = self.theme = settings.theme
        self.chat.take_settings(settings)

    def get_css_variables(self) -> dict[str, str]:
        """Return the colours of the theme, those of words readable."""
        self.theme_variables = legible(super().get_css_variables())
        return self.theme_variables

    def watch_theme(self, theme: str) -> None:
        """Keep a theme that the user chose."""
        if theme != self._kept_theme:
            self._kept_theme = theme
            self.call_later(self._keep_theme, theme)

    def _keep_theme(self, theme: str) -> None:
        if self.options.settings_desk is not None:
            self.say(self.options.settings_desk.keep_theme(theme))

    def action_copy_stop_quit(self) -> None:
        """Copy the selection; else stop what runs; else, twice in two seconds, quit."""
        text = self.screen.get_selected_text() or _typed_selection(self.focused)
        if text:
            self.copy_to_clipboard(text)
            self.say(f"Copied {len(text)} characters.")
        elif not self.chat.stop_turn():
            if self.options.clock() - self._ctrl_c_at < QUIT_TWICE_S:
                self.run_worker(self.action_quit(), group="quit", exclusive=True, exit_on_error=False)
                return
            self._ctrl_c_at = self.options.clock()
            self.say("ctrl+c again quits.")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, clean: by the terminal, and to the system's clipboard where there is one."""
        text = clean(text)
        super().copy_to_clipboard(text)
        if not self.is_headless:
            to_system(text)

    def say(self, text: str) -> None:
        """Say something in passing, in the chat's status line or over another screen."""
        if self.screen is self.chat:
            self.chat.note(text)
        else:
            self.notify(plain(text), markup=False, timeout=3)

    async def on_unmount(self) -> None:
        """Stop the engine however the app ends."""
        if not self._left:
            self._left = True
            await self.chat.keeper.close(None, 0.0)

    def _fatal_error(self) -> None:
        """Leave after an internal error with one line; the traceback goes to the log, not to the user."""
        _log.exception("the app failed")
        text = "slmtui had to stop: an internal error. The log has the details; your sessions are kept."
        self._exit_renderables.append(Text(text))
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Leave: the running turn's end is stored, its KV cache saved, the engine stopped."""
        if self._left:
            return
        self._left = True
        await self.chat.leave(LEAVE_S, SAVE_S)
        self.exit(0)


def _typed_selection(focused: object) -> str:
    if isinstance(focused, TextArea | Input):
        return focused.selected_text
    return ""


def run_app(backend: Backend, store: Store, options: AppOptions) -> int:
    """Run the app until the user leaves; returns the exit code. The store stays open."""
    app = SlmApp(backend, store, options)
    app.run()
    return app.return_code or 0
