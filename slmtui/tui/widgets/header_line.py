"""The top line: the model and engine, the session, and what state the engine is in."""

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from slmtui.tui.state.cells import cut


class HeaderLine(Widget):
    """One line in three parts. When room is short the model gives way first, then the session.

    `shared` says that another window uses the engine too, and `paused` that the cost panel stands still.
    """

    model: reactive[str] = reactive("")
    session: reactive[str] = reactive("")
    engine: reactive[str] = reactive("")
    shared: reactive[bool] = reactive(False)
    paused: reactive[bool] = reactive(False)

    def render(self) -> RenderResult:
        """Fit the parts into the width."""
        told = (("‖ panel paused", self.paused), ("⇄ shared", self.shared), (self.engine, True))
        right = " · ".join(word for word, so in told if so and word)
        return Content(fit(self.model, self.session, right, self.size.width))


def fit(model: str, session: str, engine: str, width: int) -> str:
    """Return the three parts in `width` cells: left, middle and right."""
    right = cut(engine, width)
    room = width - cell_len(right) - 2
    left = cut(model, max(room * 3 // 5, room - cell_len(session) - 2))
    middle = cut(session, room - cell_len(left) - 2)
    gap = max(0, width - cell_len(left) - cell_len(middle) - cell_len(right))
    before = gap // 2
    return f"{left}{' ' * before}{middle}{' ' * (gap - before)}{right}"


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    line = HeaderLine()
    line.model, line.session, line.engine, line.shared = "a model · ctx 2 048", "a session", "● warm", True
    show_alone(line)
