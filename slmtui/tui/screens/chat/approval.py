"""The chat asks the user, one question after another, when it is in front."""

from slmtui.tui.screens.asking import Asking
from slmtui.tui.screens.chat.running import ChatRunning


class ChatApproval(Asking, ChatRunning):
    """Questions of the running turn."""

    PLACE = "the chat"
