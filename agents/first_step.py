"""What an agent with tools begins with: the tools it is offered, and what it is shown of them.

Each help is a switch of its own: a shortlist of tools, examples as earlier turns, arguments held to
what the request allows, thinking first, and a choice that is weighed against that for an empty request.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from agents.budget import Budget
from agents.calibration import CalibratedChoice
from agents.constraints import held_to
from agents.dialect import Dialect, Hold
from agents.events import Event
from agents.examples import ExampleStore, Shown
from agents.message import Message
from agents.model import Model
from agents.placement import with_examples
from agents.talk import Talk
from agents.think_first import ThinkFirst
from agents.turn import Turn
from tools.registry import Toolbox


@dataclass(slots=True)
class FirstStep:
    """Prepares an agent's first step. Iterating makes the calls that this takes, if any.

    `asked` is the request. `talk` is then the conversation to begin with, `hold` what holds its first call,
    and `think` what was thought before; `forced` says that the call must be a choice among the tools.
    """

    turn: Turn
    model: Model
    tools: Toolbox
    agent: str
    task: str
    asked: Message
    before: tuple[Message, ...]
    history: tuple[Message, ...]
    then: tuple[str, ...]
    budget: Budget
    talk: Talk = field(init=False)
    think: ThinkFirst = field(init=False)
    hold: Hold = field(default=Hold(), init=False)
    forced: bool = field(default=False, init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Prepare the step. Raises as `ModelCall` does."""
        dialect = self._dialect()
        messages = self._messages(dialect)
        self.think = ThinkFirst(
            self.turn, self.model, self.agent, (*messages, self.asked), self.then, self.budget
        )
        async for event in self.think:
            yield event
        self.hold, self.forced = dialect.first(), dialect.forces
        if self.forced and self.turn.helps.calibrated:
            choice = CalibratedChoice(
                self.turn, self.model, self.agent, dialect.tools, self.budget,
                asked=self.think.messages,
                empty=(*messages, replace(self.asked, content="")),
            )  # fmt: skip
            async for event in choice:
                yield event
            self.hold = dialect.only(choice.names)
        self.talk = Talk(
            self.turn, self.model, self.agent, dialect, self.budget, self.think.messages, self.then
        )

    def _dialect(self) -> Dialect:
        turn, model = self.turn, self.model.for_agent(self.agent)
        text = held_to(self.task, self.history)
        return Dialect(model.format, tuple(self.tools), turn.helps, model.facts.parameters, text)

    def _messages(self, dialect: Dialect) -> tuple[Message, ...]:
        """Return the conversation up to the request."""
        store, helps = ExampleStore(dialect.tools), self.turn.helps

        def nearest(request: str) -> list[Shown]:
            return store.nearest(request, helps.examples, similar=helps.similar)

        conversation = with_examples(self.history, self.task, nearest, dialect.examples)
        return (*self.before, *dialect.introduced(), *conversation)
