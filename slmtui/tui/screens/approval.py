"""The question before a tool writes or reaches out: what it would do, with what, and three answers."""

from collections.abc import Callable

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from agents.events import Decision
from slmtui.tui.approver import Question
from slmtui.tui.plain import plain_line
from slmtui.tui.state.call_facts import arguments_text, effect_in_words, is_long
from slmtui.tui.widgets.approval_choices import ApprovalChoices
from slmtui.tui.widgets.plain_static import PlainStatic


class ApprovalScreen(ModalScreen[Decision]):
    """Ends with the user's decision; with no, when nobody waits for it any more."""

    CSS_PATH = "approval.tcss"
    AUTO_FOCUS = "ApprovalChoices"

    choices = getters.query_one(ApprovalChoices)
    arguments = getters.query_one(".approval--arguments", PlainStatic)
    scroll = getters.query_one(VerticalScroll)

    def __init__(self, question: Question, clock: Callable[[], float]) -> None:
        super().__init__()
        self.question = question
        self._clock = clock
        self._unfolded = self._over = False

    def compose(self) -> ComposeResult:
        """Show the tool, what it does, its arguments, and the answers."""
        name = plain_line(self.question.tool, 60)
        with Vertical() as box:
            box.border_title = Content("A tool asks first")
            box.border_subtitle = Content(self._keys())
            effect = effect_in_words(self.question.effect)
            yield PlainStatic(Content.assemble((name, "bold"), f"  {effect}"), classes="approval--tool")
            with VerticalScroll(can_focus=False):
                yield PlainStatic(self._text(), classes="approval--arguments")
            yield ApprovalChoices(self._clock)

    def _keys(self) -> str:
        fold = " · space: all of it" if is_long(self.question.arguments) else ""
        return f"←→ choose · enter: take · esc: no{fold}"

    def _text(self) -> Content:
        return Content(arguments_text(self.question.arguments, unfolded=self._unfolded))

    def on_mount(self) -> None:
        """Close when the question has gone."""
        self.question.answer.add_done_callback(lambda _answer: self._close_if_gone())

    def on_screen_resume(self) -> None:
        """Begin anew in front, whatever was there before: its keys are not for this."""
        self.choices.gate.restart()
        self._close_if_gone()

    def _close_if_gone(self) -> None:
        if self.question.answer.done():
            self._close("no")

    @on(ApprovalChoices.Chosen)
    def _decide(self, message: ApprovalChoices.Chosen) -> None:
        self._close(message.decision)

    def _close(self, decision: Decision) -> None:
        """Close once, and only when in front: what is dismissed is the screen in front."""
        if self.is_active and not self._over:
            self._over = True
            self.dismiss(decision)

    @on(ApprovalChoices.Scrolled)
    def _scroll(self, message: ApprovalChoices.Scrolled) -> None:
        self.scroll.scroll_relative(y=message.lines, animate=False)

    @on(ApprovalChoices.Unfolded)
    def _unfold(self) -> None:
        self._unfolded = not self._unfolded
        self.arguments.show(self._text())
