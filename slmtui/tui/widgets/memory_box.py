"""The memory of the engine's process: over the last seconds, and against what the machine has."""

from textual.content import Content

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.state.cells import cut
from slmtui.tui.state.cost_line import memory_kinds
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.state.gauges import Gauges
from slmtui.tui.state.panel_state import PanelState
from slmtui.tui.widgets.panel_box import PanelBox, dim, head

LIMIT = "┃"
BAR = 23


class MemoryBox(PanelBox):
    """A graph over time, and a bar from nothing to the limit with what is the process's own and files."""

    BOX = "memory"

    def show_memory(
        self, record: TurnRecord | None, gauges: Gauges | None, state: PanelState, now: float, limit: int
    ) -> None:
        """Draw the memory at `now` seconds of the turn; `limit` is bytes that a process may have, or 0."""
        line = gauges.memory_line(now, WIDTH) if gauges is not None else []
        top = state.top("memory", max(line, default=0.0))
        graph = Content.styled(fmt.spark(line, WIDTH, min(top, limit) if limit else top), "$primary")
        body = [graph, memory_bar(record, limit or round(top)), *dim([_kinds(record)], 1)]
        self.draw(head("memory", memory_words(record, limit)), body)


def memory_words(record: TurnRecord | None, limit: int) -> str:
    """Return what the process holds now, and its share of the limit."""
    if record is None or record.rss_bytes is None:
        return fmt.NONE
    now = fmt.size(record.rss_bytes)
    return f"{now} ({record.rss_bytes / limit:.0%} of {fmt.size(limit)})" if limit else now


def memory_bar(record: TurnRecord | None, limit: int) -> Content:
    """Return a bar with the limit at its end: own memory `█`, pages of files `▓`; and the peak in words."""
    rss = 0 if record is None else record.rss_bytes or 0
    files = min(rss, 0 if record is None else record.rss_file_bytes or 0)
    held = min(BAR, max(1, round(rss / limit * BAR))) if rss and limit else 0
    paged = min(held, round(files / rss * held)) if rss else 0
    peak = "" if record is None or not record.peak_rss_bytes else f" peak {fmt.size(record.peak_rss_bytes)}"
    return Content.assemble(
        ("█" * (held - paged) + "▓" * paged, "$primary"), "·" * (BAR - held), (LIMIT, "$error bold"), peak
    )


def _kinds(record: TurnRecord | None) -> str:
    kinds = "" if record is None else memory_kinds(record)
    return cut(kinds.replace("own", "█ own").replace("· files", "▓ files"), WIDTH)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = MemoryBox()
    box.show_memory(None, Gauges(), PanelState(), 0.0, 16_000_000_000)
    show_alone(box)
