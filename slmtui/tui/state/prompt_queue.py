"""Prompts that wait until the running turn has ended."""

from dataclasses import dataclass, field

from slmtui.tui.state.composing import Composed


@dataclass(slots=True)
class PromptQueue:
    """Prompts in order. `paused` says in a few words why they wait though nothing runs; else it is empty."""

    waiting: list[Composed] = field(default_factory=list)
    paused: str = ""

    def add(self, prompt: Composed) -> None:
        """Put a prompt at the end."""
        self.waiting.append(prompt)

    def put_first(self, prompt: Composed) -> None:
        """Put a prompt before the others."""
        self.waiting.insert(0, prompt)

    def take(self, index: int = -1) -> Composed | None:
        """Take a prompt out, the last one unless told otherwise; None where there is none."""
        try:
            return self.waiting.pop(index)
        except IndexError:
            return None

    def next(self) -> Composed | None:
        """Take the first prompt out, unless they are paused."""
        return None if self.paused else self.take(0)

    def pause(self, reason: str) -> None:
        """Let them wait, for a reason of a few words."""
        self.paused = reason if self.waiting else ""

    def go_on(self) -> None:
        """Let them go again."""
        self.paused = ""
