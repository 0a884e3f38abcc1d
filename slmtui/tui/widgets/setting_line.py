"""The line in which a setting's value is typed, and what is wrong with it."""

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from slmtui.tui.plain import plain_line
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.plain_static import PlainStatic


class SettingLine(Vertical):
    """Is there while something is typed."""

    input = getters.query_one(LineInput)

    class Typed(Message):
        """Something was typed; it is not taken yet."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Taken(Typed):
        """Enter was pressed."""

    def compose(self) -> ComposeResult:
        """The name and the value in a line, the problem below."""
        with Horizontal():
            yield PlainStatic(classes="setting--name")
            yield LineInput(compact=True)
        yield PlainStatic(classes="setting--problem")

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self.has_class("-open")

    def begin(self, name: str, value: str) -> None:
        """Let the value of a setting be typed, beginning with what it is."""
        self.add_class("-open")
        self.query_one(".setting--name", PlainStatic).show(Content(f"{name}: "))
        self.input.value = value
        self.show_problem("")
        self.input.focus()

    def end(self) -> None:
        """Go away."""
        self.remove_class("-open")

    def show_problem(self, text: str) -> None:
        """Say what is wrong with what is typed, or with nothing that it is well."""
        self.query_one(".setting--problem", PlainStatic).show(
            Content(f"✗ {plain_line(text, 400)}" if text else "")
        )

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_open:
            self.post_message(self.Typed(event.value.strip()))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Taken(event.value.strip()))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(SettingLine())
