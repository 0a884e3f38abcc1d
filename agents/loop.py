"""The think–act–observe loop of one agent: call a tool, look at the result, go on or answer.

Whatever ends the loop, a last call must answer.
"""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.acting import Acting
from agents.budget import Budget
from agents.call import ModelCall
from agents.climb import Climb
from agents.constraints import fitting
from agents.dialect import Hold
from agents.events import Event, Limit, LimitReached
from agents.first_step import FirstStep
from agents.ladder import attempted
from agents.message import Message, Purpose, ToolCall
from agents.model import Model
from agents.shortlist import shortlist
from agents.talk import Talk
from agents.think_first import ThinkFirst
from agents.turn import Turn
from tools.registry import Toolbox, ToolResult


@dataclass(slots=True)
class ToolLoop:
    """One agent with tools, at work on one task. Iterating runs it; `answer` is there at the end.

    `before` precedes all else, and `history` is the conversation that examples are put into. `plain` is
    the prompt for an answer when no tool is wanted; it ends with the request. `answer_purpose` is what
    the agent's last words are for: `answer`, or `handoff` when they go to another agent; `then` names the
    agents that come after it. `last_call` wrote the answer, and `messages` is what it was asked.
    `succeeded` says that nothing went wrong on the way: the last result was no error, no call had to be
    asked for again, no limit was reached, and the answer is not cut off.
    """

    turn: Turn
    model: Model
    tools: Toolbox
    agent: str
    task: str
    before: tuple[Message, ...]
    plain: tuple[Message, ...]
    history: tuple[Message, ...] = ()
    answer_purpose: Purpose = "answer"
    then: tuple[str, ...] = ()
    answer: str = field(default="", init=False)
    last_call: ModelCall | None = field(default=None, init=False)
    succeeded: bool = field(default=True, init=False)
    messages: tuple[Message, ...] = field(default=(), init=False)
    _budget: Budget = field(init=False)
    _hold: Hold = field(default=Hold(), init=False)
    _made: set[str] = field(default_factory=set, init=False)
    _said: set[str] = field(default_factory=set, init=False)
    _result: ToolResult | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        reports = self.answer_purpose != "answer"
        self._budget = self.turn.budget.of_agent(self.turn.agent_limits, reports=reports)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Run the loop. Raises as `ModelCall` does."""
        self.messages = self.plain
        self.tools = self._offered()
        async for event in self._use_tools() if self.tools.names else self._think():
            yield event
        if not self.answer:
            call = ModelCall(
                self.turn, self.model, self.agent, self.answer_purpose, self.messages,
                max_tokens=self._budget.tokens_left,
                grammar=self._hold.grammar,
                switches=self._hold.switches,
                then=self.then,
                budget=self._budget,
            )  # fmt: skip
            async for event in call:
                yield event
            self._conclude(call, call.answer)

    def _offered(self) -> Toolbox:
        """Return the tools that the task can be for, and of these the nearest, as the switches say."""
        helps, tools = self.turn.helps, tuple(self.tools)
        # A template that shows tools shows all of them, so that a turn continues what the last one read.
        if helps.fitting and self.model.for_agent(self.agent).format.kind == "generic":
            tools = fitting(tools, self.history, self.task)
        return self.tools.only(tool.name for tool in shortlist(tools, self.task, helps.shortlist))

    async def _think(self) -> AsyncGenerator[Event, None]:
        """Think about a task for which there are no tools, if the switches say so."""
        think = ThinkFirst(self.turn, self.model, self.agent, self.plain, self.then, self._budget)
        async for event in think:
            yield event
        self.messages = think.messages

    async def _use_tools(self) -> AsyncGenerator[Event, None]:
        """Act and observe until there is an answer, or until no more tool may be called."""
        step = FirstStep(
            self.turn, self.model, self.tools, self.agent, self.task,
            asked=self.plain[-1],
            before=self.before,
            history=self.history,
            then=self.then,
            budget=self._budget,
        )  # fmt: skip
        async for event in step:
            yield event
        talk, self.messages = step.talk, step.think.after(self.plain)
        # A call that is written in the last call must not be taken for the answer.
        self._hold = Hold(switches=talk.dialect.last().switches)
        async for event in talk.ask("call" if step.forced else self.answer_purpose, step.hold):
            yield event
        while talk.reply.calls or attempted(talk.reply, talk.dialect.tools):
            climb = Climb(talk)
            async for event in self._step(talk, climb):
                yield event
            if not climb.calls:
                return
            async for event in talk.ask(self.answer_purpose, talk.dialect.later(self._quotable)):
                yield event
        self._leave(talk)

    async def _step(self, talk: Talk, climb: Climb) -> AsyncGenerator[Event, None]:
        """Make what was written into calls and call the tools; where the loop ends, no `calls` are left."""
        limit = self._cut(talk)
        if limit is None:
            async for event in climb:
                yield event
            self.succeeded &= not {"reask", "no_tools"} & set(climb.rungs)
            climb.calls, limit = self._allowed(climb.calls)
        if climb.calls:
            async for event in self._act(talk, climb.calls):
                yield event
        if limit is not None:
            climb.calls = ()
            yield limit
        if not climb.calls and (limit is not None or self._made):
            self._give_up(talk)

    def _leave(self, talk: Talk) -> None:
        """No tool is wanted (any more): what was said is the answer, unless nothing was."""
        if talk.call is not None and talk.reply.content.strip():
            self.messages = talk.messages
            self._conclude(talk.call, talk.reply.content)
            return
        self.succeeded &= talk.reply.none
        if self._made:
            self._give_up(talk)

    def _give_up(self, talk: Talk) -> None:
        """Let the last call answer over what was found so far."""
        self.messages, self._hold = talk.messages, talk.dialect.last(self._quotable)

    def _conclude(self, call: ModelCall, answer: str) -> None:
        self.answer, self.last_call = answer.strip(), call
        cut = call.finished is not None and call.finished.finish_reason == "length"
        failed = self._result is not None and self._result.status == "error"
        self.succeeded &= bool(self.answer) and not cut and not failed

    async def _act(self, talk: Talk, calls: tuple[ToolCall, ...]) -> AsyncGenerator[Event, None]:
        """Call the tools, and put the calls and their results behind the messages."""
        talk.add_calls(calls)
        self._budget.spend(steps=1)
        results: list[tuple[ToolCall, str]] = []
        for call in calls:
            acting = Acting(self.turn, self.agent, self.tools, call)
            async for event in acting:
                yield event
            self._made.add(call_key(call))
            self._budget.spend(tool_calls=1, waited=acting.waited)
            self._result = acting.result
            results.append((call, acting.result.text))
        talk.add_results(results)

    @property
    def _quotable(self) -> str | None:
        """The last result, where it is something that an answer can hold."""
        return self._result.text if self._result and self._result.status == "ok" else None

    def _cut(self, talk: Talk) -> LimitReached | None:
        """Return that the step ends the loop: it was cut off, or says the same again; or None."""
        text = talk.reply.text
        if talk.truncated:
            return self._reached("tokens", f"a call was cut off after {self._budget.tokens} tokens")
        if text in self._said and not talk.reply.calls:
            return self._reached("text", "the same text was written again")
        self._said.add(text)
        return None

    def _allowed(self, calls: tuple[ToolCall, ...]) -> tuple[tuple[ToolCall, ...], LimitReached | None]:
        """Return which of the calls may be made, and why the loop ends after them, or None."""
        new = {call_key(call): call for call in reversed(calls) if call_key(call) not in self._made}
        fresh = tuple(reversed(new.values()))
        if calls and not fresh:
            detail = f"{calls[0].name} was called again with the same arguments"
            return (), self._reached("repeat", detail)
        exceeded = self._budget.exceeded() if fresh else None
        if exceeded:
            return (), self._reached(*exceeded)
        left = self._budget.tool_calls_left
        if len(fresh) > left:
            detail = f"{len(fresh)} tool calls were asked for at once, and {left} were left"
            return fresh[:left], self._reached("tool_calls", detail)
        return fresh, None

    def _reached(self, limit: Limit, detail: str) -> LimitReached:
        self.succeeded = False
        return LimitReached(self.turn.t, self.agent, limit, detail)


def call_key(call: ToolCall) -> str:
    """Return what two calls have in common that ask for the same."""
    return f"{call.name} {json.dumps(call.arguments, sort_keys=True)}"
