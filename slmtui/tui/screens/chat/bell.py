"""The chat's bell: what a user who looks elsewhere is told, and its switch."""

from textual import on

from slmtui.tui.approver import ApprovalWanted
from slmtui.tui.notify import LONG_S, Notifier
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.turn_runner import TurnEnded

_WORDS = {"ok": "answered", "cancelled": "stopped", "failed": "failed"}


class ChatBell(ChatRunning):
    """Rings when a long turn ends, or a tool waits for leave, while the window has no focus."""

    async def on_mount(self) -> None:
        """Be told when the window has the focus again."""
        self.notifier = Notifier(self._write, self.options.clock)
        self.watch(self.app, "app_focus", self._looked_at, init=False)

    def on_unmount(self) -> None:
        """Leave the terminal's title as it was."""
        self.notifier.seen()

    def _write(self, text: str) -> None:
        """Send control sequences past the screen: Textual has a bell of its own, but no title."""
        driver = self.app._driver  # there is no public way to the terminal
        if driver is not None and not self.app.is_headless:
            driver.write(text)

    def _looked_at(self, focused: bool) -> None:
        if focused:
            self.notifier.seen()

    @on(TurnEnded)
    def _tell_of_the_end(self) -> None:
        latest = self.chat.latest
        if latest is not None:
            word = _WORDS.get(str(latest.view.status), "ended")
            self.notifier.turn_ended(latest.record.wall_s, word, focused=self.app.app_focus)

    @on(ApprovalWanted)
    def _tell_of_the_question(self) -> None:
        self.notifier.asked(focused=self.app.app_focus)

    def action_toggle_bell(self) -> None:
        """Ring no more, or again."""
        self._switch(on=not self.notifier.enabled)

    async def set_bell(self, word: str) -> None:
        """Switch the bell `on` or `off`."""
        if word.lower() not in {"on", "off"}:
            self.note("The bell is on or off: /bell on, /bell off.")
            return
        self._switch(on=word.lower() == "on")

    def _switch(self, *, on: bool) -> None:
        self.notifier.enabled = on
        if not on:
            self.notifier.seen()
            self.note("The bell is off.")
            return
        self.note(f"The bell is on: it rings when a turn of over {LONG_S:.0f} s ends unseen.")
