"""The money: what the rows of the figures with a star mean, or how to set a price."""

from sessions.money import Prices
from sessions.records import TurnRecord
from slmtui.tui.state.money_rows import Counted, money_note
from slmtui.tui.widgets.panel_box import PanelBox, dim, head


class MoneyBox(PanelBox):
    """As many lines as there are prices of hosted services, and one at least."""

    BOX = "money"

    def show_money(self, prices: Prices, record: TurnRecord | None, counted: Counted) -> None:
        """Draw what the prices are of."""
        word, lines = money_note(prices, record, counted)
        self.draw(head("money", word), dim(lines, max(1, len(prices.hosted))))


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = MoneyBox()
    box.show_money(Prices(), None, {})
    show_alone(box)
