"""A supervisor, one specialist, and the supervisor again: the multi-agent paradigm and its controls."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field

from agents.call import ModelCall
from agents.constraints import fitting
from agents.events import AgentStarted, AnswerChosen, CallSkipped, Event, HandOff
from agents.examples import ExampleStore, Shown
from agents.grammar import TEXT_GRAMMAR
from agents.loop import ToolLoop
from agents.message import Message
from agents.model import Model
from agents.placement import with_examples
from agents.prompts import system_of, with_own
from agents.router import SUPERVISOR, Route, routes
from agents.specialists import Specialist, available, specialist_for
from agents.thoughts import thinks
from agents.turn import Turn
from tools.registry import Toolbox


@dataclass(slots=True)
class Team:
    """Answers a prompt as a team. Iterating runs it. Raises as `ModelCall` does.

    With `union` every specialist has every tool. With `flat` all roles share one conversation: the
    specialist reads what the supervisor did, and the judge what the specialist did. With `told` the
    right specialist is given by the turn's `oracle`, and nobody routes.
    """

    turn: Turn
    model: Model
    tools: Toolbox
    union: bool = False
    flat: bool = False
    told: bool = False
    _specialists: tuple[Specialist, ...] = field(init=False)
    _messages: tuple[Message, ...] = field(default=(), init=False)
    _route: Route | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._specialists = available(self.tools)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Route the prompt to one specialist, let it work, and answer from its report."""
        turn = self.turn
        self._messages = self._conversation()
        yield AgentStarted(turn.t, SUPERVISOR, turn.prompt)
        specialist, task = specialist_for(turn.oracle, self._specialists), turn.prompt
        if not self.told:
            self._route = Route(turn, self.model, self._candidates(), self._messages)
            async for event in self._route:
                yield event
            specialist, task = self._route.specialist, self._route.task
        yield HandOff(turn.t, SUPERVISOR, specialist.name, task)
        yield AgentStarted(turn.t, specialist.name, task)
        work = self._work(specialist, task)
        async for event in work:
            yield event
        yield HandOff(turn.t, specialist.name, SUPERVISOR, work.answer)
        async for event in self._judge(work, specialist):
            yield event

    def _candidates(self) -> tuple[Specialist, ...]:
        """Return the specialists that the prompt can be for, the writer always among them."""
        turn = self.turn
        if not turn.helps.fitting:
            return self._specialists
        fit = {tool.name for tool in fitting(self.tools, turn.history, turn.prompt)}
        return tuple(s for s in self._specialists if not s.tools or fit & set(s.tools))

    def _conversation(self) -> tuple[Message, ...]:
        turn = self.turn
        store = ExampleStore(self.tools)

        def nearest(request: str) -> list[Shown]:
            return store.nearest(request, turn.helps.examples, similar=turn.helps.similar)

        def as_routes(examples: Iterable[Shown], before: int) -> tuple[Message, ...]:
            return routes(examples, before, self._specialists, by_token=turn.helps.route_token)

        conversation = with_examples(turn.history, turn.prompt, nearest, as_routes)
        return (system_of(turn.helps, turn.system), *conversation, Message("user", turn.prompt, "user"))

    def _work(self, specialist: Specialist, task: str) -> ToolLoop:
        """Return the specialist's loop: it sees its task alone, unless all share one conversation."""
        asked = Message("user", task, "handoff")
        before: tuple[Message, ...] = (with_own(self.turn.system, specialist.system),)
        if self.flat:
            chosen = Message("assistant", self._decision(specialist), "history")
            before = (*self._messages, chosen)
            asked = Message("user", f"{specialist.system} {task}", "handoff")
        tools = self.tools if self.union else self.tools.only(specialist.tools)
        return ToolLoop(
            self.turn, self.model, tools, specialist.name, task,
            before=before,
            plain=(*before, asked),
            answer_purpose="handoff",
            then=(SUPERVISOR,),
        )  # fmt: skip

    def _decision(self, specialist: Specialist) -> str:
        return self._route.written if self._route else specialist.name

    async def _judge(self, work: ToolLoop, specialist: Specialist) -> AsyncGenerator[Event, None]:
        """Let the supervisor answer from the report, unless it was sure and the specialist succeeded."""
        turn = self.turn
        if self._needs_no_judge(work):
            assert work.last_call is not None
            reason = f"the router was sure ({self._sureness:.2f}) and {specialist.name} succeeded"
            yield CallSkipped(turn.t, SUPERVISOR, "answer", reason, *self._saved(work))
            yield AnswerChosen(turn.t, specialist.name, work.last_call.id, reason)
            return
        report = Message("user", f"Report: {work.answer}", "handoff")
        before = work.messages if self.flat else self._messages
        said = Message("assistant", work.answer if self.flat else self._decision(specialist), "history")
        async for event in ModelCall(
            turn, self.model, SUPERVISOR, "answer", (*before, said, report), turn.budget.tokens_left,
            grammar=self._judge_grammar,
        ):  # fmt: skip
            yield event

    @property
    def _judge_grammar(self) -> str | None:
        """What keeps a model of our own dialect from writing a call or a route for an answer."""
        fmt = self.model.for_agent(SUPERVISOR).format
        free = fmt.kind != "generic" or thinks(fmt, thinking=self.turn.helps.think)
        return None if free else TEXT_GRAMMAR

    @property
    def _sureness(self) -> float:
        return 1.0 if self.told else (self._route.probability if self._route else 0.0)

    def _needs_no_judge(self, work: ToolLoop) -> bool:
        sure = self.turn.helps.sure
        return bool(sure) and self._sureness >= sure and work.succeeded and work.last_call is not None

    def _saved(self, work: ToolLoop) -> tuple[int, int]:
        """Return the prompt tokens of the judge's call, about, and those of them that are new: the report."""
        routed = self._route.call.finished if self._route else None
        reported = work.last_call.finished if work.last_call else None
        new = reported.output_tokens if reported else 0
        known = routed.prompt_tokens + routed.output_tokens if routed else 0
        return known + new, new
