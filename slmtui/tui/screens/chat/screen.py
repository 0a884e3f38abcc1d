"""The chat as it is used: every command of it, by key, by slash command and by the palette."""

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.messages import LinkChosen
from slmtui.tui.screens.chat.approval import ChatApproval
from slmtui.tui.screens.chat.bell import ChatBell
from slmtui.tui.screens.chat.chat_settings import ChatSettings
from slmtui.tui.screens.chat.compare import ChatCompare
from slmtui.tui.screens.chat.completing import ChatCompleting
from slmtui.tui.screens.chat.defaults import ChatDefaults
from slmtui.tui.screens.chat.details import ChatDetails
from slmtui.tui.screens.chat.editor import ChatEditor
from slmtui.tui.screens.chat.history import ChatHistory
from slmtui.tui.screens.chat.log import ChatLog
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.chat.notes import ChatNotes
from slmtui.tui.screens.chat.panel import ChatPanel
from slmtui.tui.screens.chat.paradigm import ChatParadigm
from slmtui.tui.screens.chat.prompting import ChatPrompting
from slmtui.tui.screens.chat.reports import ChatReports
from slmtui.tui.screens.chat.resending import ChatResending
from slmtui.tui.screens.chat.sessions import ChatSessions
from slmtui.tui.screens.chat.switches import ChatSwitches
from slmtui.tui.widgets.prompt_area import KEYS as PROMPT_KEYS
from slmtui.tui.widgets.prompt_area import PromptArea

IN_PROMPT = tuple(f"chat.{key}" for key in PROMPT_KEYS)


class ChatScreen(
    ChatResending,
    ChatPrompting,
    ChatCompleting,
    ChatHistory,
    ChatSettings,
    ChatDefaults,
    ChatEditor,
    ChatParadigm,
    ChatModel,
    ChatSessions,
    ChatReports,
    ChatNotes,
    ChatSwitches,
    ChatApproval,
    ChatPanel,
    ChatLog,
    ChatBell,
    ChatCompare,
    ChatDetails,
):
    """The chat with its commands. Each `action_…` is one line of the registry."""

    SCOPE: ClassVar[Scope] = "chat"
    ALSO: ClassVar[tuple[Scope, ...]] = ("turn",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("turn"), *bindings("chat", leave_out=IN_PROMPT)]

    @on(PromptArea.AtEnd)
    def action_scroll_end(self) -> None:
        """Go to the end of the chat and follow it."""
        self.pane.transcript.go_to_end()

    @on(LinkChosen)
    def _show_link(self, message: LinkChosen) -> None:
        self.note(f"link: {message.address}")

    async def action_load_more(self) -> None:
        """Draw twenty more turns above."""
        await self.load_more()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to stop only while something runs."""
        return self.busy if action == "stop" else super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop the running turn."""
        self.stop_turn()

    def action_back(self) -> None:
        """Go back to the prompt; from there, leave an earlier prompt that is being edited as it is."""
        if self.focused is not self.prompt or not self.leave_edit():
            self.prompt.focus()

    def action_scroll_chat(self, direction: int) -> None:
        """Scroll the chat by a page."""
        self.pane.transcript.page(direction)
