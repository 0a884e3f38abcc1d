"""The chat asks the user, one question after another, when it is in front."""

from textual import on

from agents.events import Decision
from slmtui.tui.approver import ApprovalWanted, Question
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning


class ChatApproval(ChatRunning):
    """Questions of the running turn, in the order in which they came."""

    _questions: tuple[Question, ...] = ()

    @on(ApprovalWanted)
    def _approval_wanted(self, message: ApprovalWanted) -> None:
        message.stop()
        self._questions = (*self._questions, message.question)
        if not self.is_active:
            name = plain_line(message.question.tool, 60)
            self.app.notify(f"{name} waits for your yes or no: go back to the chat.", markup=False)
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
