"""Climbing down the ladder: from what a model wrote to valid calls, by as few rungs as it takes."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.events import Event, Rung, RungTaken
from agents.ladder import repaired, valid_calls, what_is_wrong
from agents.message import Message, ToolCall
from agents.prompts import call_refused
from agents.talk import Talk


@dataclass(slots=True)
class Climb:
    """One step's climb. Iterating makes it; `calls` is then what may be called, `none` that nothing should.

    What is neither valid nor mended is asked for once more. `rungs` are those that were taken.
    """

    talk: Talk
    calls: tuple[ToolCall, ...] = field(default=(), init=False)
    none: bool = field(default=False, init=False)
    rungs: list[Rung] = field(default_factory=list, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Climb as far as need be. Raises as `ModelCall` does."""
        talk, tools, helps = self.talk, self.talk.dialect.tools, self.talk.turn.helps
        self.calls = valid_calls(talk.reply, tools)
        if not self.calls and helps.repair and (mended := repaired(talk.reply, tools)):
            self.calls = mended.calls
            yield self._rung("repair", mended.detail)
        if not self.calls and helps.reask:
            problem, before = what_is_wrong(talk.reply, tools), talk.messages
            yield self._rung("reask", problem)
            talk.add(Message("assistant", talk.reply.text, "history"), call_refused(problem))
            async for event in talk.ask("repair", talk.dialect.full()):
                yield event
            self.none = talk.reply.none
            self.calls = () if talk.truncated else valid_calls(talk.reply, tools)
            if not self.calls:  # the last call must answer, not write the call again
                talk.messages = before
        if not self.calls and not self.none:
            yield self._rung("no_tools", what_is_wrong(talk.reply, tools))

    def _rung(self, rung: Rung, detail: str) -> RungTaken:
        self.rungs.append(rung)
        call = self.talk.call.id if self.talk.call else ""
        return RungTaken(self.talk.turn.t, self.talk.agent, call, rung, detail)
