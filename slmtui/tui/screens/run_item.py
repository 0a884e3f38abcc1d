"""One item of a run: what was asked and expected, and what each arm answered, side by side."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer

from sessions.errors import SessionsError, UnknownTurnError
from sessions.records import TurnRecord
from sessions.run_records import AttemptRecord
from sessions.store import Store
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.options import AppOptions
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.cost_line import cost_line
from slmtui.tui.state.item_rows import Item, attempt_facts, attempt_name, attempt_word
from slmtui.tui.state.programme import Programme
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.status_line import StatusLine

PROMPT, ANSWER = 4_000, 20_000
"""Characters of a prompt and of an answer that are drawn; the replay has all of them."""


class RunItemScreen(Screen[None]):
    """Shows an item of those that were listed; n and N go from one to the next."""

    SCOPE: ClassVar[Scope] = "item"
    CSS_PATH = "run_item.tcss"
    AUTO_FOCUS = ".item--attempt"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("item")]

    header = getters.query_one(HeaderLine)
    status = getters.query_one(StatusLine)

    def __init__(self, store: Store, options: AppOptions, items: Sequence[Item], place: int) -> None:
        super().__init__()
        self.store, self.options, self.items, self.place = store, options, items, place

    def compose(self) -> ComposeResult:
        """The question above, a column for each attempt below."""
        yield HeaderLine()
        yield VerticalScroll(PlainStatic(), classes="item--asked")
        yield Horizontal(classes="item--answers")
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the item."""
        self.header.model = "Item"
        await self._show()

    @property
    def item(self) -> Item:
        """The item that is shown."""
        return self.items[self.place]

    async def _show(self) -> None:
        item, answers = self.item, self.query_one(".item--answers")
        self.header.session = plain_line(item.record.item)
        self.header.engine = f"{self.place + 1} of {len(self.items)}"
        self.query_one(".item--asked > PlainStatic", PlainStatic).show(_asked(item))
        columns = [self._column(attempt) for attempt in item.attempts]
        with self.app.batch_update():
            await answers.remove_children()
            await answers.mount_all(columns or [PlainStatic("No arm has attempted it yet.")])
            if columns:
                columns[0].focus()

    def _column(self, attempt: AttemptRecord) -> VerticalScroll:
        column = VerticalScroll(
            PlainStatic(_answered(attempt, self._turn(attempt))), can_focus=True, classes="item--attempt"
        )
        column.border_title = Content(f"{attempt_name(attempt)} · {attempt_word(attempt)}")
        return column

    def _turn(self, attempt: AttemptRecord) -> TurnRecord | None:
        """Return the turn of an attempt; None when its session was deleted."""
        try:
            return self.store.turn(attempt.turn)
        except UnknownTurnError:
            return None
        except SessionsError as error:
            self.status.note(str(error))
            return None

    async def action_beside(self, direction: int) -> None:
        """Go to the item before or after."""
        place = self.place + direction
        if 0 <= place < len(self.items):
            self.place = place
            await self._show()
        else:
            self.status.note("That was the last item." if direction > 0 else "That was the first item.")

    def action_replay(self) -> None:
        """Play the attempts at this item again, one arm after another."""
        from slmtui.tui.screens.replay import ReplayScreen  # noqa: PLC0415 - only when it is asked for

        programme = self._programme(self.place)
        if programme is None:
            self.status.note("There is no turn to replay: the session is gone, or nothing was attempted yet.")
        else:
            self.app.push_screen(ReplayScreen(self.options, programme))

    def _programme(self, place: int) -> Programme | None:
        """Return the attempts at an item as something to play; None where there is none."""
        item = self.items[place]
        told = {each.turn: f"{attempt_name(each)} {attempt_word(each)}" for each in item.attempts}
        records = [turn for each in item.attempts if (turn := self._turn(each)) is not None]
        if not records:
            return None

        def beside(direction: int) -> Programme | None:
            """Return the next item that way that has something to play."""
            other = place + direction
            while 0 <= other < len(self.items):
                if (found := self._programme(other)) is not None:
                    return found
                other += direction
            return None

        title = f"item {place + 1} of {len(self.items)}: {plain_line(item.record.item, 60)}"
        return Programme(title, records, self.store, told, beside)

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss(None)


def _asked(item: Item) -> Content:
    parts: list[str | tuple[str, str]] = [(plain(item.record.prompt[:PROMPT]).strip(), "bold")]
    if item.expected:
        parts.append(f"\nexpected: {item.expected}")
    about = (item.record.data_set, item.record.skill, item.record.level)
    told = " · ".join(plain_line(each) for each in about if each)
    return Content.assemble(*parts, (f"\n{told}" if told else "", "dim"))


def _answered(attempt: AttemptRecord, turn: TurnRecord | None) -> Content:
    facts = "\n".join(attempt_facts(attempt))
    if turn is None:
        return Content("\n".join(filter(None, (facts, "Its turn is no longer stored."))))
    answer = plain(turn.answer[:ANSWER]).strip() or "(no answer)"
    ended = "" if turn.status == "ok" else f"\n{turn.status or 'running'}: {plain_line(turn.reason)}"
    return Content.assemble(answer, ended, f"\n\n{facts}" if facts else "", (f"\n\n{cost_line(turn)}", "dim"))
