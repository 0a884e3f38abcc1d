"""What is said to a model: messages, each with the origin of its text."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Role = Literal["system", "user", "assistant", "tool"]

Origin = Literal["system", "tools", "example", "history", "user", "tool_result", "handoff", "template"]
"""Where the tokens of a prompt come from; `template` is what the chat template itself adds."""

ORIGINS: tuple[Origin, ...] = get_args(Origin)

Purpose = Literal["think", "route", "handoff", "call", "repair", "answer"]
"""What the tokens of an output are for."""

PURPOSES: tuple[Purpose, ...] = ("think", "route", "handoff", "call", "repair", "answer")


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool as it stands in a conversation; the model's chat template spells it in its own way."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt.

    `group` joins messages that are dropped together when the context is full: a past turn, or an
    example with its answer. Zero means that the message is never dropped. An assistant's message may
    hold `calls`, and one of the role `tool` is what `call` came back with; both are for models whose
    template knows tools.
    """

    role: Role
    content: str
    origin: Origin
    group: int = 0
    calls: tuple[ToolCall, ...] = ()
    call: ToolCall | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. `temperature` 0 is greedy; `repeat_penalty` 1 is none; `min_p` 0 is off."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0
