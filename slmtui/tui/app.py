"""The app: it loads the model, holds the screens' surroundings, and leaves in good order."""

import asyncio
import logging
from collections.abc import Iterable
from importlib import import_module
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, TextArea

from sessions.store import Store
from slmtui.backend import Backend, BackendError
from slmtui.tui.bindings import bindings
from slmtui.tui.options import AppOptions
from slmtui.tui.palette import RegistryCommands
from slmtui.tui.screens.chat import ChatScreen
from slmtui.tui.state.engine_state import EngineState

_log = logging.getLogger(__name__)

QUIT_TWICE_S = 2.0
LEAVE_S = 3.0


class SlmApp(App[int]):
    """Chat with a small language model, and see what every turn costs."""

    TITLE = "slmtui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = {RegistryCommands}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    ENABLE_COMMAND_PALETTE = True

    class EngineChanged(Message):
        """The engine is on its way, ready, or not to be had."""

        def __init__(self, state: EngineState) -> None:
            super().__init__()
            self.state = state

    def __init__(self, backend: Backend, store: Store, options: AppOptions) -> None:
        super().__init__()
        self.backend, self.store, self.options = backend, store, options
        self.chat = ChatScreen(backend, store, options)
        self._ctrl_c_at = -QUIT_TWICE_S
        self._left = False

    async def on_mount(self) -> None:
        """Show the chat at once, and load the model behind it."""
        if self.options.theme in self.available_themes:
            self.theme = self.options.theme
        await self.push_screen(self.chat)
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        self.run_worker(self._start_backend(), group="engine", exclusive=True, exit_on_error=False)

    async def _start_backend(self) -> None:
        """Load the model, and say how it goes."""

        def progress(share: float) -> None:
            self.post_message(self.EngineChanged(EngineState("loading", share)))

        await asyncio.to_thread(import_module, "slmtui.tui.widgets.answer_block")  # it parses Markdown
        try:
            await self.backend.start(progress)
        except BackendError as error:
            self.post_message(self.EngineChanged(EngineState("missing", problem=str(error))))
        except Exception as error:  # noqa: BLE001 - no backend may take the app down
            problem = f"The engine could not start: {error!r}. Try `slmtui doctor`."
            self.post_message(self.EngineChanged(EngineState("missing", problem=problem)))
        else:
            self.post_message(self.EngineChanged(EngineState("ready", 1.0)))

    @on(EngineChanged)
    def _engine_changed(self, message: EngineChanged) -> None:
        message.stop()
        self.chat.show_engine(message.state)

    # Commands

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Leave the palette to the registry."""
        return ()

    def action_help(self) -> None:
        """Show the keys and commands, or go back from them."""
        from slmtui.tui.screens.help import HelpScreen  # noqa: PLC0415 - after the first paint

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen(getattr(self.screen, "SCOPE", "chat"), self.options.version))

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

    def say(self, text: str) -> None:
        """Say something in passing, in the chat's status line or over another screen."""
        if self.screen is self.chat:
            self.chat.note(text)
        else:
            self.notify(text, markup=False, timeout=3)

    async def on_unmount(self) -> None:
        """Stop the engine however the app ends."""
        if not self._left:
            self._left = True
            await self.backend.close()

    def _fatal_error(self) -> None:
        """Leave after an internal error with one line; the traceback goes to the log, not to the user."""
        _log.exception("the app failed")
        text = "slmtui had to stop: an internal error. The log has the details; your sessions are kept."
        self._exit_renderables.append(Text(text))
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Leave: stop the running turn so that its end is stored, then stop the engine."""
        if self._left:
            return
        self._left = True
        await self.chat.leave(LEAVE_S)
        self.workers.cancel_group(self, "engine")
        await self.backend.close()
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
