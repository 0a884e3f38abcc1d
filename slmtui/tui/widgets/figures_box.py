"""The figures: this turn beside the session's medians by paradigm, against base, and how it began."""

from collections.abc import Sequence

from textual.content import Content

from sessions.money import Prices
from sessions.records import TurnRecord
from slmtui.tui.state.cost_table import LABEL, MedianCache, against_base, cost_table, start_note
from slmtui.tui.state.money_rows import Counted, money_rows
from slmtui.tui.state.panel_state import digit
from slmtui.tui.widgets.panel_box import PanelBox


class FiguresBox(PanelBox):
    """Its head has the titles of the columns, and says when the panel is paused."""

    BOX = "figures"

    def __init__(self) -> None:
        super().__init__()
        self._cache = MedianCache()
        self._titles = ""
        self.paused = False

    def show_figures(
        self,
        record: TurnRecord | None,
        records: Sequence[TurnRecord],
        prices: Prices,
        counted: Counted,
        load_s: float | None,
    ) -> None:
        """Draw the table; `records` are the finished turns of the session."""
        titles, *rows = cost_table(
            record, records, money_rows(prices, counted), self._cache, version=len(counted)
        )
        self._titles = titles[LABEL:]
        notes = (("vs base", against_base(record, records)), ("start", start_note(record, load_s)))
        lines = [*rows, *(f"{name:<{LABEL}}{text:>{len(titles) - LABEL}}" for name, text in notes)]
        self.draw(self._head(), [Content(line[: len(titles)]) for line in lines])

    def pause(self, *, paused: bool) -> None:
        """Say that the panel stands still, or goes on."""
        self.paused = paused
        if self._drawn:
            self.draw(self._head(), self._drawn[1:])

    def _head(self) -> Content:
        label = f"{digit('figures')} {'‖paused' if self.paused else 'figures'}"
        return Content.styled(f"{label:<{LABEL - 1}}{self._titles}", "bold underline")


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = FiguresBox()
    box.show_figures(None, [], Prices(), {}, 1.8)
    show_alone(box)
