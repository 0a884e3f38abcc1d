"""The chat as it is used: every command of it, by key, by slash command and by the palette."""

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.messages import LinkChosen
from slmtui.tui.screens.chat.approval import ChatApproval
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.chat.notes import ChatNotes
from slmtui.tui.screens.chat.paradigm import ChatParadigm
from slmtui.tui.screens.chat.prompting import ChatPrompting
from slmtui.tui.screens.chat.sessions import ChatSessions
from slmtui.tui.screens.chat.switches import ChatSwitches
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.prompt_area import PromptArea

IN_PROMPT = ("chat.send", "chat.newline", "chat.older", "chat.newer")


class ChatScreen(ChatPrompting, ChatParadigm, ChatModel, ChatSessions, ChatNotes, ChatSwitches, ChatApproval):
    """The chat with its commands. Each `action_…` is one line of the registry."""

    SCOPE: ClassVar[Scope] = "chat"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat", leave_out=IN_PROMPT)]

    @on(PromptArea.AtEnd)
    def action_scroll_end(self) -> None:
        """Go to the end of the chat and follow it."""
        self.pane.transcript.go_to_end()

    @on(LinkChosen)
    def _show_link(self, message: LinkChosen) -> None:
        self.note(f"link: {message.address}")

    @on(MoreLine.Pressed)
    async def action_load_more(self) -> None:
        """Draw twenty more turns above."""
        await self.load_more()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer to stop only while something runs."""
        return self.busy if action == "stop" else True

    def action_stop(self) -> None:
        """Stop the running turn."""
        self.stop_turn()

    def action_back(self) -> None:
        """Go back to the prompt."""
        self.prompt.focus()

    def action_toggle_panel(self) -> None:
        """Show or hide the cost panel."""
        if self.has_class("-narrow"):
            self.note("The cost panel needs 100 columns; its figures are in this line.")
            return
        self.toggle_class("-no-panel")
        self.call_after_refresh(self.show_cost)

    def action_scroll_chat(self, direction: int) -> None:
        """Scroll the chat by a page."""
        transcript = self.pane.transcript
        if direction < 0:
            transcript.scroll_page_up(animate=False)
        else:
            transcript.scroll_page_down(animate=False)
