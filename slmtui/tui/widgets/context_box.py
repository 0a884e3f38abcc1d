"""The context: how full the fullest sequence is, and what fills it by where it comes from."""

from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.state.context_fill import FREE, SIGNS, ContextFills, Fill, cells, legend
from slmtui.tui.state.cost_table import WIDTH
from slmtui.tui.widgets.panel_box import PanelBox, head

LEGEND = 3


class ContextBox(PanelBox):
    """A bar whose parts have glyphs, colours and, in the legend, words with exact numbers."""

    BOX = "context"

    def show_context(self, contexts: ContextFills | None) -> None:
        """Draw what the agents' sequences held after their last calls."""
        fill = contexts.fullest if contexts is not None else None
        if contexts is None or fill is None:
            self.draw(head("context", fmt.NONE), [Content(FREE * WIDTH), *[Content("")] * LEGEND])
            return
        others = [each for each in contexts.fills.values() if each is not fill]
        named = legend(fill, others, WIDTH, LEGEND)
        body = [context_bar(fill), *(Content.assemble(*parts) for parts in named)]
        self.draw(head("context", context_words(fill)), body)


def context_words(fill: Fill) -> str:
    """Return the tokens in use, of how many, and the share."""
    return f"{fmt.count(fill.used)} of {fmt.count(fill.size)} ({fill.used / fill.size:.0%})"


def context_bar(fill: Fill) -> Content:
    """Return the bar in glyphs."""
    parts = [
        (FREE * wide, "dim") if group is None else (SIGNS[group][0] * wide, SIGNS[group][1])
        for group, wide in cells(fill, WIDTH)
    ]
    return Content.assemble(*parts)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    box = ContextBox()
    held = Fill("base", {"system": 120, "history": 900, "prompt": 80, "output": 300}, 1400, 2048)
    box.show_context(ContextFills({"base": held}))
    show_alone(box)
