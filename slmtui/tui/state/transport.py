"""The two lines of the transport: what is played, and a bar with the turns marked on it."""

from dataclasses import dataclass

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.player import Player

LEAST_GAP = 4
"""Turns are marked on the bar while they have so many cells each, on average; then the marks say nothing."""

DONE, LEFT, TURN_DONE, TURN_LEFT = "█", "░", "▌", "┊"


@dataclass(frozen=True, slots=True)
class TransportLines:
    """What is drawn: a line of facts, and the bar between the moment it is at and the end."""

    facts: str
    begin: str
    bar: str
    end: str

    def share(self, cell: int) -> float | None:
        """Return the share of the whole that a cell of the second line stands for; None beside the bar."""
        at = cell - len(self.begin) - 1
        if not 0 <= at < len(self.bar):
            return None
        return at / max(len(self.bar) - 1, 1)


def transport_lines(player: Player, width: int, told: str = "") -> TransportLines:
    """Return the lines in `width` cells; `told` says whose turn it is, and how it was scored."""
    facts = [
        state_word(player),
        player.speed_word,
        f"turn {player.index + 1} of {len(player.records)}",
        *([plain_line(told, 60)] if told else []),
        f"event {fmt.count(player.turn.events)} of {fmt.count(player.events)}",
    ]
    position, duration = player.timeline.position, player.timeline.duration
    end = fmt.clock(duration, duration)
    begin = fmt.clock(position, duration).rjust(len(end))
    return TransportLines(" · ".join(facts), begin, _bar(player, width - len(begin) - len(end) - 2), end)


def state_word(player: Player) -> str:
    """Return whether it plays, in a glyph and a word."""
    if player.playing:
        return "▶ playing"
    return "■ at the end" if player.timeline.at_end else "‖ paused"


def _bar(player: Player, width: int) -> str:
    position, duration = player.timeline.position, player.timeline.duration
    cells = list(fmt.bar(position / duration if duration > 0 else 0.0, width))
    if duration > 0 and len(player.starts) * LEAST_GAP <= width:
        for start in player.starts[1:]:
            at = min(int(start / duration * width), width - 1)
            cells[at] = TURN_DONE if cells[at] == DONE else TURN_LEFT
    return "".join(cells)
