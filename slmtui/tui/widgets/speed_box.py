"""The speed: tokens a second over the last seconds, or how far a prompt is read."""

from textual.content import Content

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.state.gauges import Gauges
from slmtui.tui.state.panel_state import PanelState
from slmtui.tui.widgets.panel_box import PanelBox, head


class SpeedBox(PanelBox):
    """A bar is half a second; the scale grows by round steps, and never shrinks while the app runs."""

    BOX = "speed"

    def show_speed(
        self, record: TurnRecord | None, gauges: Gauges | None, state: PanelState, now: float
    ) -> None:
        """Draw the speed at `now` seconds of the turn."""
        line = gauges.speed_line(now, WIDTH) if gauges is not None else []
        speed = record.decode_tok_s if record is not None else None
        top = state.top("speed", max([speed or 0.0, *line]))
        graph = Content.styled(fmt.spark(line, WIDTH, top), "$primary")
        self.draw(head("speed", speed_words(record, gauges, top)), [graph])


def speed_words(record: TurnRecord | None, gauges: Gauges | None, top: float) -> str:
    """Return the turn's speed and its share of the scale, or how far the prompt is read."""
    if gauges is not None and gauges.prefill is not None:
        return f"prefill {fmt.count(gauges.prefill.done)} / {fmt.count(gauges.prefill.total)}"
    speed = record.decode_tok_s if record is not None else None
    if speed is None:
        return fmt.NONE
    return f"{fmt.rate(speed)} ({speed / top:.0%} of {fmt.count(top)})"


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = SpeedBox()
    box.show_speed(None, Gauges(), PanelState(), 0.0)
    show_alone(box)
