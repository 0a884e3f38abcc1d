"""A Static that never reads markup: the only one that may hold text that is not ours."""

from textual.visual import VisualType
from textual.widgets import Static


class PlainStatic(Static):
    """Text drawn as it is. `show` repaints only when the text changed."""

    def __init__(self, content: VisualType = "", *, classes: str | None = None) -> None:
        super().__init__(content, markup=False, classes=classes)
        self._shown: object = content

    def show(self, content: VisualType, *, layout: bool = True) -> None:
        """Draw `content` if it differs from what is drawn; `layout` False when its height is the same."""
        if content != self._shown:
            self._shown = content
            self.update(content, layout=layout)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(PlainStatic("[b]brackets[/b] stay brackets"))
