"""How much of the context a prompt takes, and how much there is."""

from dataclasses import dataclass

from slmtui.backend import TokenCount
from slmtui.tui import format as fmt

ANSWER_SHARE = 4
"""The engine keeps a quarter of the context for the answer, unless the turn may write less."""


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens: `whole` is what a prompt may take, and `history` what the conversation so far takes of it.

    Both are estimates: the chat template and the tools of an agent are not counted.
    """

    whole: int
    history: int

    @property
    def left(self) -> int:
        """What is left for the prompt beside the conversation so far."""
        return max(0, self.whole - self.history)


def room_in(context: int, most_output: int, system: int, history: int) -> Room:
    """Return the room in a context of so many tokens, when a turn may write `most_output`."""
    return Room(max(0, context - min(most_output, context // ANSWER_SHARE) - system), history)


def told(count: TokenCount, room: Room | None) -> str:
    """Return how many tokens a prompt has of how many are left, with a warning in words."""
    mark = "" if count.exact else "~"
    said = f"{mark}{fmt.count(count.tokens)} tokens"
    if room is None:
        return said
    said = f"{said} of ~{fmt.count(room.left)} left"
    if count.tokens > room.whole:
        return f"⚠ {said}: it will not fit"
    return f"⚠ {said}: earlier turns give way" if count.tokens > room.left else said
