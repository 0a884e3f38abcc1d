"""The multi-agent paradigm of arXiv 2604.19299: a supervisor, one specialist, and the supervisor again.

The supervisor has no tools: it picks exactly one specialist and gives it the task. The specialist
runs its own loop with its own tools and reports. The supervisor judges the report and answers.
"""

import json
from collections.abc import AsyncGenerator, Iterable
from typing import Any

from agents.base import SYSTEM
from agents.call import ModelCall
from agents.events import AgentStarted, Event, HandOff
from agents.examples import ExampleStore, Shown, as_turns
from agents.grammar import TEXT_GRAMMAR, object_grammar
from agents.loop import CALL_TOKENS, ToolLoop
from agents.message import Message
from agents.model import Model, PurposeSwitch
from agents.placement import with_examples
from agents.specialists import Specialist, available, specialist_for
from agents.turn import Turn
from tools.registry import Toolbox

SUPERVISOR = "supervisor"
_TASK_BEGINS = PurposeSwitch('"task": ', "handoff")


async def multi(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Route the prompt to one specialist, let it work, and answer from its report."""
    specialists = available(tools)
    conversation = with_examples(turn.history, turn.prompt, ExampleStore(tools).nearest, _as_turns)
    messages = (SYSTEM, *conversation, Message("user", turn.prompt, "user"))
    yield AgentStarted(turn.t, SUPERVISOR, turn.prompt)
    route = ModelCall(
        turn, model, SUPERVISOR, "route", messages, CALL_TOKENS,
        grammar=object_grammar(_route_schema(specialists)),
        switches=(_TASK_BEGINS,),
        greedy=True,
        then=(SUPERVISOR,),
    )  # fmt: skip
    async for event in route:
        yield event
    specialist, task = _parse_route(route.text, specialists, turn.prompt)
    yield HandOff(turn.t, SUPERVISOR, specialist.name, task)

    yield AgentStarted(turn.t, specialist.name, task)
    work = _work(turn, model, tools, specialist, task)
    async for event in work:
        yield event
    yield HandOff(turn.t, specialist.name, SUPERVISOR, work.answer)

    report = Message("user", f"Report: {work.answer}", "handoff")
    judged = (*messages, Message("assistant", route.text, "history"), report)
    async for event in ModelCall(
        turn, model, SUPERVISOR, "answer", judged, turn.limits.max_tokens, grammar=TEXT_GRAMMAR
    ):
        yield event


def _work(turn: Turn, model: Model, tools: Toolbox, specialist: Specialist, task: str) -> ToolLoop:
    """Return the specialist's loop: it sees its task alone, not the conversation."""
    before = (Message("system", specialist.system, "system"),)
    return ToolLoop(
        turn, model, tools.only(specialist.tools), specialist.name, task,
        before=before,
        plain=(*before, Message("user", task, "handoff")),
        answer_purpose="handoff",
        then=(SUPERVISOR,),
    )  # fmt: skip


def _route_schema(specialists: tuple[Specialist, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"agent": {"enum": [s.name for s in specialists]}, "task": {"type": "string"}},
        "required": ["agent", "task"],
    }


def _as_turns(examples: Iterable[Shown], before: int) -> tuple[Message, ...]:
    """Return examples as past decisions of the supervisor."""

    def route(example: Shown) -> str:
        choice = {"agent": specialist_for(example.tool).name, "task": example.request}
        return json.dumps(choice, ensure_ascii=False)

    return as_turns(examples, choice=route, report=lambda e: f"Report: {e.answer}", before=before)


def _parse_route(text: str, specialists: tuple[Specialist, ...], prompt: str) -> tuple[Specialist, str]:
    """Return the specialist and task of a route; what was cut off is made up for by the prompt itself."""
    try:
        route = json.loads(text)
    except ValueError:
        return specialists[-1], prompt
    return next(s for s in specialists if s.name == route["agent"]), route["task"]
