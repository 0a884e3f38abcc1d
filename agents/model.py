"""What an agent needs of a model. `slmtui.engine` implements it; tests use a scripted one."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from agents.events import CallFinished, ContextTrimmed, EngineFacts, PrefillProgress, TextDelta
from agents.formats.format import CallFormat
from agents.formats.spec import ToolSpec
from agents.message import Message, Purpose, Sampling

CallEvent: TypeAlias = ContextTrimmed | PrefillProgress | TextDelta | CallFinished


@dataclass(frozen=True, slots=True)
class PurposeSwitch:
    """From the token after `marker` is complete in the output on, tokens are for `purpose`.

    With `opening`, the switch counts only when the output begins with `marker`, and then from its
    first token on; an empty marker begins every output. A marker may be a special token, or hold one.
    """

    marker: str
    purpose: Purpose
    opening: bool = False


@dataclass(frozen=True, slots=True)
class NamedSet:
    """Ask for the probability of each of `names` at the token that follows `marker` in the output.

    An empty `marker` asks at the first token. The answer is `CallFinished.choices`.
    """

    marker: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the model.

    `started` is the turn's first moment on the machine's monotonic clock, from which event times
    count. `grammar` is GBNF with a rule named root, or None; with `triggers` it is lazy: the output
    is free until it contains one of them, and from the trigger's first character on it is held to
    the grammar. `max_tokens` bounds the output.

    `turn` names the turn, and `then` the agents that it will call after this call, as far as it is
    known: what they hold in the KV cache is kept for them. `cold` reuses nothing and runs alone, so
    that neither history nor company changes a float. `logprobs` asks for the log-probability of
    every drawn token.

    `tools` are shown to the model by its own chat template, for templates that know tools. `thinking`
    switches thinking where the template can (None: as the template has it). `beginning` is what the
    output is made to begin with: it stands at the end of the prompt, and the output goes on behind it.
    """

    call: str
    agent: str
    purpose: Purpose
    messages: tuple[Message, ...]
    sampling: Sampling
    max_tokens: int
    started: float
    grammar: str | None = None
    switches: tuple[PurposeSwitch, ...] = ()
    triggers: tuple[str, ...] = ()
    turn: str = ""
    then: tuple[str, ...] = ()
    cold: bool = False
    logprobs: bool = False
    named: NamedSet | None = None
    tools: tuple[ToolSpec, ...] = ()
    thinking: bool | None = None
    beginning: str = ""


class ModelError(Exception):
    """The model could not answer a call; the text says why, for the user."""


class Model(Protocol):
    """A loaded model."""

    @property
    def facts(self) -> EngineFacts:
        """What a turn on this model records about it."""
        ...

    @property
    def format(self) -> CallFormat:
        """How the model writes calls of tools, and its thoughts, by its chat template."""
        ...

    def for_agent(self, agent: str) -> "Model":
        """Return the model that speaks for an agent: this one, unless agents have models of their own."""
        ...

    def stream(self, request: Request, stop: asyncio.Event) -> AsyncGenerator[CallEvent, None]:
        """Run one call and yield its events; the last one is always a `CallFinished`.

        Setting `stop` ends the call within one decode step or one batch of a prefill, with
        `finish_reason` cancelled. A call that the engine could not finish ends with `finish_reason`
        failed and its `error`. `agents.call.call_model` turns that into a `ModelError`.
        """
        ...
