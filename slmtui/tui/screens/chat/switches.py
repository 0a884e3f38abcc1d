"""The chat's switches of help: seeing them, and setting one for this session."""

from agents.helps import switched
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning


class ChatSwitches(ChatRunning):
    """What the chat can do with the switches. A turn that runs keeps its own."""

    def action_switches(self) -> None:
        """Show the switches, and set the one that is chosen."""
        from slmtui.tui.screens.switches import SwitchesMenu  # noqa: PLC0415 - after the first paint

        self.app.push_screen(SwitchesMenu(self.chat.helps, self.options.helps), self._switch_chosen)

    def _switch_chosen(self, name: str | None) -> None:
        if name is None:
            return
        from slmtui.tui.screens.ask_text import AskText  # noqa: PLC0415 - after the first paint

        def typed(value: str | None) -> None:
            if value is not None:
                self.set_switch(name, value)

        self.app.push_screen(AskText(f"{name}: another value", self.chat.helps.told()[name]), typed)

    async def switch_named(self, line: str) -> None:
        """Set a switch from `NAME VALUE`."""
        name, _, value = line.partition(" ")
        if not value.strip():
            self.note(f"A switch needs a value: /switch {plain_line(name, 30)} VALUE. /switches lists them.")
            return
        self.set_switch(name, value.strip())

    def set_switch(self, name: str, value: str) -> None:
        """Set a switch for this session, or say why not."""
        try:
            self.chat.helps = switched(self.chat.helps, name, value)
        except ValueError as error:
            self.note(f"Not set: {error}.")
            return
        self.note(f"{name} is {self.chat.helps.told()[name]} from the next prompt on.")
