"""Tells a flow of the app as the messages that it is made of, in the order in which they are taken in."""

from collections.abc import Iterator
from itertools import groupby

from textual import events
from textual.message import Message

from agents import events as ev
from slmtui.tui.engine_keeper import EngineChanged, Restored, Switched
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.compare.running import ArmTold, Compared, RoundEnded
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.turn_runner import TurnEnded, TurnEvent
from slmtui.tui.widgets.compare_prompt import ComparePrompt
from slmtui.tui.widgets.download_line import DownloadLine
from slmtui.tui.widgets.prompt_area import PromptArea

FLOWING = (
    PromptArea.Submitted, ComparePrompt.Submitted, TurnEvent, TurnEnded, EngineChanged, Switched, Restored,
    ArmTold, RoundEnded, Compared, ModelsScreen.Found, ModelsScreen.Measured, DownloadLine.Pressed,
    ChatModel.PullEnded, events.Key,
)  # fmt: skip
CALL = ["CallStarted", "PrefillProgress", "TextDelta", "CallFinished"]
BASE = ["TurnStarted", *CALL, "MeterRead", "TurnFinished", "TurnEnded"]
SENT = ["key enter", "Submitted"]


class Flow:
    """A message hook. The hook sees a message again wherever it bubbles to; here it is once."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._seen: set[int] = set()

    def __call__(self, message: Message) -> None:
        if isinstance(message, FLOWING) and id(message) not in self._seen:
            self._seen.add(id(message))
            self.messages.append(message)  # which also keeps its id its own

    def forget(self) -> None:
        self.messages.clear()
        self._seen.clear()

    @property
    def names(self) -> list[str]:
        """What came, in order; several of one name after each other are one."""
        return [name for name, _ in groupby(map(name_of, self.messages))]

    def all(self, kind: type[Message]) -> Iterator[Message]:
        return (message for message in self.messages if isinstance(message, kind))

    @property
    def turn_events(self) -> list[ev.Event]:
        return [message.event for message in self.messages if isinstance(message, TurnEvent)]

    @property
    def problems(self) -> list[str]:
        return [message.problem for message in self.messages if isinstance(message, TurnEnded)]


def name_of(message: Message) -> str:
    match message:
        case TurnEvent():
            return type(message.event).__name__
        case EngineChanged():
            return f"engine {message.state.phase}"
        case ArmTold():
            return f"arm {message.told.arm}"
        case events.Key():
            return f"key {message.key}"
        case ModelsScreen.Found():
            return "Found" if message.entry else "Found all"
        case _:
            return type(message).__name__
