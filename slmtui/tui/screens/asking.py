"""A screen in which turns run asks the user before a tool writes, one question after another."""

from typing import Any, ClassVar

from textual import on
from textual.screen import Screen

from agents.events import Decision
from slmtui.tui.approver import ApprovalWanted, Question
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain_line


class Asking(Screen[Any]):
    """Questions of what runs here, in the order in which they came, asked when the screen is in front.

    `PLACE` says where to go back to when another screen is over it.
    """

    PLACE: ClassVar[str]
    options: AppOptions
    _questions: tuple[Question, ...] = ()

    @on(ApprovalWanted)
    def _approval_wanted(self, message: ApprovalWanted) -> None:
        message.stop()
        self._questions = (*self._questions, message.question)
        from slmtui.tui.screens.approval import ApprovalScreen  # noqa: PLC0415 - after the first paint

        # Behind another question there is nothing to go back to: this one comes when that is answered.
        if not self.is_active and not isinstance(self.app.screen, ApprovalScreen):
            name = plain_line(message.question.tool, 60)
            self.app.notify(f"{name} waits for your yes or no: go back to {self.PLACE}.", markup=False)
        self._ask_next()

    def on_screen_resume(self) -> None:
        """Ask what could not be asked while another screen was in front."""
        self._ask_next()

    def _ask_next(self) -> None:
        self._questions = tuple(each for each in self._questions if not each.answer.done())
        if not self._questions or not self.is_active:
            return
        from slmtui.tui.screens.approval import ApprovalScreen  # noqa: PLC0415 - after the first paint

        question, *_ = self._questions

        def decided(decision: Decision | None) -> None:
            if not question.answer.done():
                question.answer.set_result(decision or "no")

        self.app.push_screen(ApprovalScreen(question, self.options.clock), decided)
