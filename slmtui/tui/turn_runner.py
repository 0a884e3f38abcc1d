"""Runs a turn in a worker: what the model does becomes messages, and nothing here touches a widget."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, field

from textual.message import Message
from textual.message_pump import MessagePump

from agents.events import Event
from agents.message import Sampling
from sessions.errors import SessionsError
from slmtui.backend import BackendError
from slmtui.session import LiveSession

_log = logging.getLogger(__name__)


class TurnEvent(Message):
    """An event of the running turn came."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class TurnEnded(Message):
    """No more events will come. `problem` says what went wrong outside the turn itself."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt on its way to the model, and the flag that stops it."""

    prompt: str
    paradigm: str
    sampling: Sampling
    stop: asyncio.Event = field(default_factory=asyncio.Event)


async def run_turn(target: MessagePump, session: LiveSession, asked: Asked) -> None:
    """Answer a prompt and post its events to `target`, and at the end, however it comes, `TurnEnded`."""
    problem = ""
    try:
        async with aclosing(session.send(asked.prompt, asked.paradigm, asked.sampling, asked.stop)) as events:
            async for event in events:
                target.post_message(TurnEvent(event))
    except (BackendError, SessionsError) as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - whatever a backend raises, the chat goes on
        _log.exception("a turn ended with an error")
        problem = f"internal error: {error!r}"
    target.post_message(TurnEnded(problem))
