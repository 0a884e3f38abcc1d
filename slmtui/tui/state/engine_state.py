"""What state the engine is in, in a glyph and words."""

from dataclasses import dataclass
from typing import Literal

from agents.events import EngineFacts
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line

Phase = Literal["loading", "ready", "warm", "running", "stopping", "stopped", "unloaded", "missing"]

_WORDS: dict[Phase, str] = {
    "loading": "◌ loading",
    "ready": "○ ready, cold",
    "warm": "● warm",
    "running": "▶ running",
    "stopping": "■ stopping",
    "stopped": "✗ engine stopped",
    "unloaded": "○ unloaded",
    "missing": "✗ no model",
}
BAR = 8
SETTING_UP = "◌ loaded, setting up"
"""The weights are read; the context is made and, where it is not known yet, how many threads are best."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """The phase of the engine; `progress` is 0 to 1 while it reads a file of `size` bytes (0: not known).

    `problem` says what is wrong.
    """

    phase: Phase = "loading"
    progress: float = 0.0
    problem: str = ""
    size: int = 0

    @property
    def word(self) -> str:
        """The state as the header shows it."""
        if self.phase == "loading" and self.progress >= 1:
            return SETTING_UP
        if self.phase == "loading":
            return self._loading
        return _WORDS[self.phase]

    @property
    def _loading(self) -> str:
        """How far reading the file is, and how large that is."""
        of = f" of {fmt.size(self.size)}" if self.size else ""
        return f"{_WORDS['loading']} {self.progress:.0%} {fmt.bar(self.progress, BAR)}{of}"


def model_line(facts: EngineFacts | None) -> str:
    """Return the model, its quantisation, the size of its context and the threads it runs on."""
    if facts is None:
        return "slmtui"
    named = facts.quantisation.lower() in facts.model.lower()
    parts = [
        plain_line(facts.model if named else f"{facts.model} {facts.quantisation}", 60),
        f"ctx {fmt.count(facts.n_ctx)}",
        f"{facts.n_threads} thread{'' if facts.n_threads == 1 else 's'}",
    ]
    if facts.gpu_layers:
        parts.append(f"{facts.gpu_layers} GPU layers")
    return " · ".join(parts)
