"""The three answers to a call that needs one: no, once, for this session."""

from collections.abc import Callable

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from agents.events import Decision
from slmtui.tui.state.key_gate import KeyGate

CHOICES: tuple[tuple[Decision, str], ...] = (
    ("no", "No"),
    ("once", "Allow once"),
    ("session", "Allow for this session"),
)
_MOVES = {"left": -1, "shift+tab": -1, "right": 1, "tab": 1}
_SCROLLS = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8}


class ApprovalChoices(Widget, can_focus=True):
    """Begins at No. Allowing takes a move and enter, or a click; no letter does anything.

    Keys that were being typed when the question came up are not heard: see `KeyGate`.
    """

    marked: reactive[int] = reactive(0)

    class Chosen(Message):
        """One of the three was chosen."""

        def __init__(self, decision: Decision) -> None:
            super().__init__()
            self.decision = decision

    class Scrolled(Message):
        """The arguments are to be scrolled by so many lines."""

        def __init__(self, lines: int) -> None:
            super().__init__()
            self.lines = lines

    class Unfolded(Message):
        """Long arguments are to be shown in full, or folded again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.gate = KeyGate(clock)

    def render(self) -> RenderResult:
        """Draw the three, the marked one in brackets and reversed."""
        return Content.assemble(
            *((_cell(index, self.marked), "bold reverse" if index == self.marked else "")
              for index in range(len(CHOICES)))
        )  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """Take every key; what is not meant goes nowhere."""
        event.stop()
        event.prevent_default()
        if not self.gate.lets_key_through():
            return
        key = event.key
        if key == "enter":
            self.post_message(self.Chosen(CHOICES[self.marked][0]))
        elif key == "escape":
            self.post_message(self.Chosen("no"))
        elif key == "space":
            self.post_message(self.Unfolded())
        elif key in _SCROLLS:
            self.post_message(self.Scrolled(_SCROLLS[key]))
        else:
            self.marked = max(0, min(self.marked + _MOVES.get(key, 0), len(CHOICES) - 1))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked, unless the question came up just now."""
        event.stop()
        choice = choice_at(event.x, self.marked)
        if choice is not None and self.gate.is_open:
            self.post_message(self.Chosen(choice))


def _cell(index: int, marked: int) -> str:
    word = CHOICES[index][1]
    return f"[ {word} ]" if index == marked else f"  {word}  "


def choice_at(x: int, marked: int) -> Decision | None:
    """Return the answer whose words cover cell `x`, or None."""
    left = 0
    for index, (decision, _) in enumerate(CHOICES):
        right = left + len(_cell(index, marked))
        if left <= x < right:
            return decision
        left = right
    return None


if __name__ == "__main__":
    import time

    from slmtui.tui.alone import show_alone

    show_alone(ApprovalChoices(time.monotonic))
