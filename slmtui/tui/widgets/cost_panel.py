"""The live cost panel: what this turn costs, in boxes that fold, against the session's medians."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from sessions.money import Prices
from sessions.records import TurnRecord
from slmtui.tui.bindings import bindings
from slmtui.tui.state.budget_guard import Guard
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.money_rows import Counted, money_rows
from slmtui.tui.state.panel_state import BoxName, PanelState
from slmtui.tui.widgets.budget_box import BudgetBox
from slmtui.tui.widgets.context_box import ContextBox
from slmtui.tui.widgets.energy_box import EnergyBox
from slmtui.tui.widgets.figures_box import FiguresBox
from slmtui.tui.widgets.memory_box import MemoryBox
from slmtui.tui.widgets.money_box import MoneyBox
from slmtui.tui.widgets.panel_box import PanelBox
from slmtui.tui.widgets.speed_box import SpeedBox

NOT_COUNTED: Counted = {}


class Shown(NamedTuple):
    """What the panel was told last: a turn, the finished turns of its session, and when it is now."""

    turn: LiveTurn | None
    records: Sequence[TurnRecord]
    now: float
    counted: Counted
    load_s: float | None


class CostPanel(VerticalScroll, can_focus=True):
    """Boxes that are drawn only when they changed. With the focus, digits fold them and `p` pauses.

    Without a `guard` there is no box of limits. `limit` is the memory of the machine in bytes, or 0.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("panel")]
    BINDING_GROUP_TITLE = "Cost panel"

    class Paused(Message):
        """The panel stands still, or goes on."""

        def __init__(self, paused: bool) -> None:
            super().__init__()
            self.paused = paused

    figures_box = getters.query_one(FiguresBox)
    speed_box = getters.query_one(SpeedBox)
    memory_box = getters.query_one(MemoryBox)
    context_box = getters.query_one(ContextBox)
    energy_box = getters.query_one(EnergyBox)
    money_box = getters.query_one(MoneyBox)

    def __init__(
        self, prices: Prices, guard: Guard | None = None, *, limit: int = 0, state: PanelState | None = None
    ) -> None:
        super().__init__()
        self._prices, self._guard, self._limit = prices, guard, limit
        self.state = state or PanelState(set() if money_rows(prices, {}) else {"money"})
        self._told = Shown(None, (), 0.0, NOT_COUNTED, None)

    def compose(self) -> ComposeResult:
        """Hold the boxes, each of a fixed height."""
        yield FiguresBox()
        yield SpeedBox()
        yield MemoryBox()
        yield ContextBox()
        yield EnergyBox()
        if self._guard is not None:
            yield BudgetBox()
        yield MoneyBox()

    def on_mount(self) -> None:
        """Take up the state that was left."""
        self.figures_box.paused = self.state.paused
        self._fold_all()
        self._draw()

    def show_turn(
        self,
        turn: LiveTurn | None,
        records: Sequence[TurnRecord],
        *,
        now: float,
        counted: Counted = NOT_COUNTED,
        load_s: float | None = None,
    ) -> None:
        """Draw the turn as it stands at `now` seconds, against the finished turns of the session.

        `counted` has the tokens of turns as hosted services count them, `load_s` is how long the model
        took to load. While the panel is paused nothing is drawn: what came meanwhile is there afterwards.
        """
        self._told = Shown(turn, records, now, counted, load_s)
        if not self.state.paused:
            self._draw()

    def _draw(self) -> None:
        turn, records, now, counted, load_s = self._told
        record = None if turn is None else turn.record
        gauges = None if turn is None else turn.gauges
        if record is not None:
            if record.status is None:
                record.wall_s = max(record.wall_s, now)
            now = record.wall_s
        self.figures_box.show_figures(record, records, self._prices, counted, load_s)
        self.speed_box.show_speed(record, gauges, self.state, now)
        self.memory_box.show_memory(record, gauges, self.state, now, self._limit)
        self.context_box.show_context(gauges.contexts if gauges else None)
        self.energy_box.show_energy(record)
        if self._guard is not None:
            spending = gauges.spending if gauges else None
            self.query_one(BudgetBox).show_budget(self._guard, spending, now)
        self.money_box.show_money(self._prices, record, counted)

    @on(PanelBox.HeadClicked)
    def _head_clicked(self, message: PanelBox.HeadClicked) -> None:
        message.stop()
        self.fold(message.box)

    def action_fold(self, box: BoxName) -> None:
        """Fold a box, or open it."""
        self.fold(box)

    def fold(self, box: BoxName) -> None:
        """Fold a box, or open it; its figures stay as they are."""
        self.state.toggle(box)
        self._fold_all()

    def _fold_all(self) -> None:
        for each in self.query(PanelBox):
            each.fold(folded=each.BOX in self.state.folded)

    def action_pause(self) -> None:
        """Stand still, or go on with what came meanwhile."""
        self.state.paused = not self.state.paused
        self.figures_box.pause(paused=self.state.paused)
        if not self.state.paused:
            self._draw()
        self.post_message(self.Paused(self.state.paused))


if __name__ == "__main__":
    from agents.budget import Limits
    from slmtui.tui.alone import show_alone

    show_alone(CostPanel(Prices(), Guard(Limits())))
