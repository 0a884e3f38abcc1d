"""The side of the sessions picker: the last turns of the session that is marked."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from sessions.records import TurnRecord
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.state.preview import TurnPreview, previews
from slmtui.tui.widgets.plain_static import PlainStatic


class SessionPreview(VerticalScroll, can_focus=False):
    """Draws the end of a session, the latest turn last."""

    BORDER_TITLE = "last turns"

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield PlainStatic()

    def show_turns(self, turns: Sequence[TurnRecord]) -> None:
        """Draw the last of these turns, or nothing."""
        text = Content("\n\n").join([_text(each) for each in previews(turns)])
        self.query_one(PlainStatic).show(text)


def _text(turn: TurnPreview) -> Content:
    parts: list[str | tuple[str, str]] = [(f"{PROMPT} {turn.prompt}", "bold")]
    parts += [f"\n{text}" for text in (turn.answer, turn.ended) if text]
    return Content.assemble(*parts, (f"\n{turn.cost}", "dim"))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(SessionPreview())
