"""The chat's cost panel: showing it, going to it, folding its boxes; and what the header tells beside."""

import asyncio

from textual import on

from slmtui.tui.engine_keeper import EngineChanged, Switched
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.panel_state import BOXES, digit, named
from slmtui.tui.widgets.cost_panel import CostPanel

NARROW = "The cost panel needs 100 columns; its figures are in this line."
SHARED_S = 2.0
"""How often it is asked whether another window uses the engine."""


class ChatPanel(ChatRunning):
    """What the chat can do with its cost panel."""

    _loading_since: float | None = None

    async def on_mount(self) -> None:
        """Keep an eye on who else uses the engine."""
        self.set_interval(SHARED_S, self._ask_who_shares)

    def action_toggle_panel(self) -> None:
        """Show or hide the cost panel."""
        if self.has_class("-narrow"):
            self.note(NARROW)
            return
        hides = self.panel.display
        if hides and self.panel.has_focus:
            self.prompt.focus()
        self.set_class(hides, "-no-panel")
        self.call_after_refresh(self.show_cost)

    def action_focus_panel(self) -> None:
        """Go to the cost panel; from there, hide it."""
        if self.has_class("-narrow") or self.panel.has_focus:
            self.action_toggle_panel()
            return
        self.remove_class("-no-panel")
        self.call_after_refresh(self._enter_panel)

    def _enter_panel(self) -> None:
        self.panel.focus()
        self.show_cost()
        self.note("The cost panel: 1 to 7 fold its boxes, p pauses, esc goes back, f8 hides it.")

    async def fold_named(self, word: str) -> None:
        """Fold or open the box of that name or digit."""
        box = named(word)
        if box is None:
            names = ", ".join(f"{digit(each)} {each}" for each in BOXES)
            self.note(f"There is no box named {plain_line(word, 30)}; choose one of: {names}.")
            return
        self.panel.fold(box)
        if not self.panel.display:
            self.note(NARROW if self.has_class("-narrow") else "The cost panel is hidden: ctrl+b shows it.")

    @on(CostPanel.Paused)
    def _panel_paused(self, message: CostPanel.Paused) -> None:
        message.stop()
        self.header.paused = message.paused

    @on(EngineChanged)
    def _time_the_load(self, message: EngineChanged) -> None:
        """Take the time of a load: it is told apart from that of a turn."""
        now = self.options.clock()
        if message.state.phase == "loading":
            self._loading_since = now if self._loading_since is None else self._loading_since
            return
        self._loaded(now, came=message.state.phase in {"ready", "warm"})

    @on(Switched)
    def _time_the_switch(self, message: Switched) -> None:
        self._loaded(self.options.clock(), came=not message.problem)

    def _loaded(self, now: float, *, came: bool) -> None:
        if came and self._loading_since is not None:
            self.load_s = now - self._loading_since
        self._loading_since = None

    async def _ask_who_shares(self) -> None:
        """Say in the header whether another window uses this engine."""
        if self.backend.facts is None:
            self.header.shared = False
            return
        told = await asyncio.to_thread(self.options.engine_told)
        if told.shared and not self.header.shared:
            self.note("This engine is shared with another window: speed and memory are of both.")
        self.header.shared = told.shared
