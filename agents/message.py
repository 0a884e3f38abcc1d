"""What is said to a model: messages, each with the origin of its text."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]

Origin = Literal["system", "tools", "example", "history", "user", "tool_result", "handoff", "template"]
"""Where the tokens of a prompt come from; `template` is what the chat template itself adds."""

Purpose = Literal["think", "route", "handoff", "call", "repair", "answer"]
"""What the tokens of an output are for."""

PURPOSES: tuple[Purpose, ...] = ("think", "route", "handoff", "call", "repair", "answer")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt.

    `group` joins messages that are dropped together when the context is full: a past turn, or an
    example with its answer. Zero means that the message is never dropped.
    """

    role: Role
    content: str
    origin: Origin
    group: int = 0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. `temperature` 0 is greedy; `repeat_penalty` 1 is none; `min_p` 0 is off."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0
