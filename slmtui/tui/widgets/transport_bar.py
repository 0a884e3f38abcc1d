"""The transport of a replay: playing or paused, the speed, the turn, the event, and how far it is."""

from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.state.player import Player
from slmtui.tui.widgets.plain_static import PlainStatic


class TransportBar(PlainStatic):
    """Two lines: what is played, and a bar from the start to the end."""

    ALLOW_SELECT = False

    def show_player(self, player: Player) -> None:
        """Draw the position."""
        self.show(transport_text(player, max(self.content_size.width, 20)), layout=False)


def state_word(player: Player) -> str:
    """Return whether it plays, in a glyph and a word."""
    if player.playing:
        return "▶ playing"
    return "■ at the end" if player.timeline.at_end else "‖ paused"


def transport_text(player: Player, width: int) -> Content:
    """Return the two lines in `width` cells."""
    facts = [
        state_word(player),
        player.speed_word,
        f"turn {player.index + 1} of {len(player.records)}",
        f"event {fmt.count(player.turn.events)} of {fmt.count(player.events)}",
    ]
    position, duration = player.timeline.position, player.timeline.duration
    end = fmt.clock(duration, duration)
    begin = fmt.clock(position, duration).rjust(len(end))
    share = position / duration if duration > 0 else 0.0
    bar = fmt.bar(share, width - len(begin) - len(end) - 2)
    return Content.assemble((" · ".join(facts), "bold"), f"\n{begin} ", (bar, "$primary"), f" {end}")
