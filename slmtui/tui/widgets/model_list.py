"""The list of the model picker: its own keys, what is typed in it, and clicks that mark."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import OptionList

from slmtui.tui.bindings import bindings

FIND = "slash"
IN_LIST = ("models.load", "models.down", "models.up")


class ModelList(OptionList):
    """The list, with its own keys for going up and down. A click marks, one on the marked row loads."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("models", only=IN_LIST)]

    _leaving = False

    class Typed(Message):
        """A character was typed that is no key of the list."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    def on_key(self, event: events.Key) -> None:
        """Pass on what is typed. Keys that come fast are still sent here when the focus is about to go."""
        ours = not self._leaving and event.key in self.screen.active_bindings
        if event.is_printable and event.character and not ours:
            event.stop()
            self._leaving = True
            self.post_message(self.Typed(event.character))
        elif event.key == FIND:
            self._leaving = True

    def on_focus(self) -> None:
        """Take keys as commands again."""
        self._leaving = False

    def on_click(self, event: events.Click) -> None:
        """Mark what is clicked; the list itself loads it when it is marked already."""
        line = event.style.meta.get("option")
        if line is not None and line != self.highlighted and not self.get_option_at_index(line).disabled:
            event.prevent_default()
            self.highlighted = line


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(ModelList("smollm2", "qwen3-0.6b", markup=False))
