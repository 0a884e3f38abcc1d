"""Runs a turn in a worker: what the model does becomes messages, and nothing here touches a widget."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from textual.message import Message
from textual.message_pump import MessagePump

from agents.events import Event
from agents.helps import Helps
from agents.message import Sampling
from sessions.errors import SessionsError
from slmtui.backend import BackendError
from slmtui.session import LiveSession
from slmtui.tui.approver import ScreenApprover

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
    """A prompt on its way to the model, with the switches of its turn, and the flag that stops it.

    `system` is the user's own system prompt, None for that of the settings. `parent` is the turn that it
    follows, None for the last of the open path. `beginning` is what the answer begins with.
    """

    prompt: str
    paradigm: str
    sampling: Sampling
    helps: Helps
    system: str | None = None
    parent: str | None = None
    beginning: str = ""
    stop: asyncio.Event = field(default_factory=asyncio.Event)


async def run_turn(
    target: MessagePump, session: LiveSession, asked: Asked, load: Callable[[], Awaitable[str]]
) -> None:
    """Answer a prompt and post its events and questions to `target`, and at the end `TurnEnded`.

    `load` gives what is wrong with the model, or nothing once it is there.
    """
    problem = ""
    try:
        problem = await unless_stopped(load(), asked.stop)
        if problem or asked.stop.is_set():
            return
        sent = session.send(
            asked.prompt,
            asked.paradigm,
            asked.sampling,
            asked.stop,
            helps=asked.helps,
            approver=ScreenApprover(target, asked.stop),
            parent=asked.parent,
            beginning=asked.beginning,
            system=asked.system,
        )
        async with aclosing(sent) as events:
            async for event in events:
                target.post_message(TurnEvent(event))
    except (BackendError, SessionsError) as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - whatever a backend raises, the chat goes on
        _log.exception("a turn ended with an error")
        problem = f"internal error: {error!r}"
    finally:
        target.post_message(TurnEnded(problem))


async def unless_stopped(work: Awaitable[str], stop: asyncio.Event) -> str:
    """Return what `work` gives; nothing, and at once, when `stop` is set before."""
    job, halt = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({job, halt}, return_when=asyncio.FIRST_COMPLETED)
        return job.result() if job.done() else ""
    finally:
        job.cancel()
        halt.cancel()
