"""The chat's way to the engine's log."""

from slmtui.tui.screens.chat.running import ChatRunning


class ChatLog(ChatRunning):
    """Opens the log."""

    def action_engine_log(self) -> None:
        """Show the end of the engine's log."""
        from slmtui.tui.screens.log import LogScreen  # noqa: PLC0415 - after the first paint

        self.app.push_screen(LogScreen(self.options))
