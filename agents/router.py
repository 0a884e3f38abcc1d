"""The supervisor's first call: which specialist gets the prompt, and with what task.

As a probability, the router writes one token under a grammar of the specialists' names, and what the
model thought of each name comes with it; the task is the prompt itself. Written, it is a JSON object
with a task in the supervisor's own words.
"""

import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.call import ModelCall
from agents.events import Event
from agents.examples import Shown, as_turns
from agents.grammar import names_grammar, object_grammar
from agents.message import Message
from agents.model import Model, NamedSet, PurposeSwitch
from agents.specialists import Specialist, specialist_for
from agents.talk import CALL_TOKENS
from agents.turn import Turn

SUPERVISOR = "supervisor"
_TASK_BEGINS = PurposeSwitch('"task": ', "handoff")


@dataclass(slots=True)
class Route:
    """Makes the choice. `specialist` and `task` are there at the end, `written` is what the router said.

    `probability` is that of the specialist alone among all, where the router gave one, else 0.
    """

    turn: Turn
    model: Model
    specialists: tuple[Specialist, ...]
    messages: tuple[Message, ...]
    specialist: Specialist = field(init=False)
    task: str = field(default="", init=False)
    written: str = field(default="", init=False)
    probability: float = field(default=0.0, init=False)
    call: ModelCall = field(init=False)

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Choose. Raises as `ModelCall` does."""
        by_token = self.turn.helps.route_token
        self.call = self._token() if by_token else self._words()
        async for event in self.call:
            yield event
        self.written, self.task = self.call.text, self.turn.prompt
        if by_token:
            self._choose()
        else:
            self._read()

    def _token(self) -> ModelCall:
        names = tuple(s.name for s in self.specialists)
        return ModelCall(
            self.turn, self.model, SUPERVISOR, "route", self.messages, 1,
            grammar=names_grammar(names),
            greedy=True,
            then=(SUPERVISOR,),
            named=NamedSet("", names),
        )  # fmt: skip

    def _words(self) -> ModelCall:
        return ModelCall(
            self.turn, self.model, SUPERVISOR, "route", self.messages, CALL_TOKENS,
            grammar=object_grammar(_route_schema(self.specialists)),
            switches=(_TASK_BEGINS,),
            greedy=True,
            then=(SUPERVISOR,),
        )  # fmt: skip

    def _choose(self) -> None:
        """Take the likeliest name; without chances, the first that begins as the token does.

        Where the likeliest token begins several names, it is the likeliest of them on its own, and its
        probability is no more than that.
        """
        chances = {chance.name: chance.probability for chance in self.call.choices}
        begun = (s.name for s in self.specialists if self.call.text and s.name.startswith(self.call.text))
        likeliest = max(chances, key=chances.__getitem__, default=next(begun, ""))
        chosen = max(likeliest.split("|"), key=lambda name: chances.get(name, 0.0))
        self.specialist = self._named(chosen)
        self.probability = chances.get(chosen, 0.0)
        self.written = self.specialist.name

    def _read(self) -> None:
        """Read the object; what was cut off is made up for by the prompt itself."""
        try:
            route = json.loads(self.written)
            self.task, agent = str(route["task"]).strip() or self.turn.prompt, str(route["agent"])
        except (ValueError, KeyError, TypeError):
            agent = ""
        self.specialist = self._named(agent)

    def _named(self, name: str) -> Specialist:
        """Return the specialist of a name, else the last: the writer, who can do without tools."""
        return next((s for s in self.specialists if s.name == name), self.specialists[-1])


def routes(
    examples: Iterable[Shown], before: int, specialists: tuple[Specialist, ...], *, by_token: bool
) -> tuple[Message, ...]:
    """Return examples as past decisions of the supervisor."""

    def choice(example: Shown) -> str:
        name = specialist_for(example.tool, specialists).name
        if by_token:
            return name
        return json.dumps({"agent": name, "task": example.request}, ensure_ascii=False)

    return as_turns(examples, choice=choice, report=lambda e: f"Report: {e.answer}", before=before)


def _route_schema(specialists: tuple[Specialist, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"agent": {"enum": [s.name for s in specialists]}, "task": {"type": "string"}},
        "required": ["agent", "task"],
    }
