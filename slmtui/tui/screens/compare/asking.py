"""A tool that writes asks the user, one question after another, over the comparison."""

from textual import on

from agents.events import Decision
from slmtui.tui.approver import ApprovalWanted, Question
from slmtui.tui.screens.compare.running import CompareRunning


class CompareAsking(CompareRunning):
    """Questions of the arms that run, in the order in which they came."""

    _questions: tuple[Question, ...] = ()

    @on(ApprovalWanted)
    def _approval_wanted(self, message: ApprovalWanted) -> None:
        message.stop()
        self._questions = (*self._questions, message.question)
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
