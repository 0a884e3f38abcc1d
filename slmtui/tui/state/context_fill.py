"""What fills the context: the tokens that an agent's sequence holds, by where they come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.cells import cell_len

from agents.events import CallFinished, Event
from agents.message import Origin
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line

Group = Literal["system", "tools", "history", "prompt", "results", "other", "output"]

GROUPS: dict[Origin, Group] = {
    "system": "system",
    "tools": "tools",
    "history": "history",
    "user": "prompt",
    "handoff": "prompt",  # what another agent asks is this one's prompt
    "tool_result": "results",
    "example": "other",
    "template": "other",
}
SIGNS: dict[Group, tuple[str, str]] = {
    "system": ("█", "$primary"),
    "tools": ("▓", "$secondary"),
    "history": ("▒", "$accent"),
    "prompt": ("▞", "$success"),
    "results": ("◆", "$warning"),
    "other": ("○", "$foreground"),
    "output": ("●", "$error"),
}
"""The glyph and the colour of a group: the glyph alone tells it."""
FREE = "·"


@dataclass(frozen=True, slots=True)
class Fill:
    """The tokens of a sequence by group: together they are `used`, of `size`.

    `estimated` says that a prompt was read in part only, and its groups are shares of the whole prompt's.
    """

    agent: str
    groups: dict[Group, int]
    used: int
    size: int
    estimated: bool = False

    @property
    def free(self) -> int:
        """Tokens that the context has left."""
        return max(0, self.size - self.used)


@dataclass(slots=True)
class ContextFills:
    """What each agent's sequence held after its last call, and the fullest of them."""

    fills: dict[str, Fill] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, CallFinished) and event.context_size > 0 and event.context_used > 0:
            self.fills[event.agent] = fill_of(event)

    @property
    def fullest(self) -> Fill | None:
        """The sequence that is nearest to its limit, the latest of equals; None before the first call."""
        return max(reversed(self.fills.values()), key=lambda fill: fill.used, default=None)


def fill_of(call: CallFinished) -> Fill:
    """Return what a call left in its sequence. The groups sum to the call's `context_used` exactly."""
    counts = dict.fromkeys(SIGNS, 0)
    for part in call.origins:
        counts[GROUPS[part.origin]] += part.reused + part.prefilled
    counts["other"] += max(0, call.prompt_tokens - sum(counts.values()))
    read = sum(counts.values())
    counts["output"] = max(0, call.context_used - read)
    short = call.context_used < read
    if short:
        counts = _shares(counts, call.context_used)
    return Fill(call.agent, counts, call.context_used, call.context_size, short)


def _shares(counts: dict[Group, int], total: int) -> dict[Group, int]:
    """Return whole numbers in the proportion of `counts` that sum to `total`: cumulative rounding."""
    before, whole = 0, max(1, sum(counts.values()))
    shares: dict[Group, int] = {}
    running = 0
    for group, count in counts.items():
        running += count
        until = running * total // whole
        shares[group], before = until - before, until
    return shares


def cells(fill: Fill, width: int) -> list[tuple[Group | None, int]]:
    """Return how many cells of a bar each group takes, and the free rest as None: `width` in all.

    A group that holds anything has a cell at least, as long as there is room for it.
    """
    size = max(fill.size, fill.used, 1)
    held = [(group, count) for group, count in fill.groups.items() if count > 0]
    found: list[tuple[Group | None, int]] = []
    taken = running = 0
    for index, (group, count) in enumerate(held):
        running += count
        room = width - taken - (len(held) - index - 1)
        wide = min(max(1, round(running / size * width) - taken), max(room, 0))
        found.append((group, wide))
        taken += wide
    return [*found, (None, width - taken)]


def legend(fill: Fill, others: Iterable[Fill], width: int, lines: int) -> list[list[tuple[str, str]]]:
    """Return the groups and the free rest in words with their tokens, packed into exactly `lines` lines.

    Each line is (text, style) parts of at most `width` cells. What there is no room for counts as other;
    the sequences of other agents are named where there is room left.
    """
    counts = {group: count for group, count in fill.groups.items() if count > 0}
    mark = "~" if fill.estimated else ""
    while True:
        entries = [(f"{SIGNS[g][0]} {g} {mark}{fmt.count(n)}", SIGNS[g][1]) for g, n in counts.items()]
        entries.append((f"{FREE} free {fmt.count(fill.free)}", "dim"))
        packed = _packed(entries, width)
        rest = [group for group in counts if group != "other"]
        if len(packed) <= lines or not rest:
            break
        least = min(rest, key=lambda group: counts[group])
        counts["other"] = counts.get("other", 0) + counts.pop(least)
    also = [(f"{plain_line(each.agent, 12)} {fmt.count(each.used)}", "") for each in others]
    whose = [(f"in {plain_line(fill.agent, 12)}; also", ""), *also]
    if also and len(fuller := _packed([*entries, *whose], width)) <= lines:
        packed = fuller
    return (packed + [[] for _ in range(lines)])[:lines]


def _packed(entries: Sequence[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = []
    taken = width + 1
    for text, style in entries:
        if taken + 2 + cell_len(text) > width:
            lines.append([])
            taken = -2
        elif lines[-1]:
            lines[-1].append(("  ", ""))
        lines[-1].append((text, style))
        taken += 2 + cell_len(text)
    return lines
