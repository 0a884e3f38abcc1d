"""The budget: what is spent of each limit of the turn, with a warning from 80 % on."""

from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.state.budget_guard import WARN, Guard, Spending, Spent
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.widgets.panel_box import PanelBox, head

LABEL = 11
LEAST_BAR = 3


class BudgetBox(PanelBox):
    """A bar a limit. The head says what is nearest to its end, or which limit ended the turn."""

    BOX = "budget"

    def show_budget(self, guard: Guard, spending: Spending | None, now: float) -> None:
        """Draw what is spent at `now` seconds of the turn."""
        told = spending or Spending()
        words = guard.warning(told, now) or "within its limits"
        bars = [spent_bar(each) for each in guard.bars(told, now if spending else 0.0)]
        self.draw(head("budget", words if spending else fmt.NONE), bars)


def spent_bar(spent: Spent) -> Content:
    """Return one limit in `WIDTH` cells: its name, a bar, and what is spent of what is allowed."""
    allowed = fmt.count(spent.allowed)
    amounts = f"{fmt.count(spent.spent):>{len(allowed)}} of {allowed}"
    sign = "■" if spent.share >= 1 else "▲" if spent.share >= WARN else " "
    end = f" {amounts} {sign}{min(spent.share, 9.99):>4.0%}"
    bar = fmt.bar(spent.share, max(LEAST_BAR, WIDTH - LABEL - len(end)))
    style = "$warning bold" if sign.strip() else "$primary"
    return Content.assemble(f"{spent.name:<{LABEL}}", (bar, style), (end, "bold" if sign.strip() else ""))


if __name__ == "__main__":
    from agents.budget import Limits
    from slmtui.tui.alone import show_alone

    box = BudgetBox()
    box.show_budget(Guard(Limits()), None, 0.0)
    show_alone(box)
