"""The list of settings: a click marks a row, and a click on the marked one changes it."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import OptionList

from slmtui.tui.bindings import bindings

IN_LIST = ("settings.change",)


class SettingList(OptionList):
    """A list whose rows are not changed by looking at them."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings", only=IN_LIST)]

    async def _on_click(self, event: events.Click) -> None:
        place = event.style.meta.get("option")
        if place is not None and place != self.highlighted and not self.options[place].disabled:
            self.highlighted = place
            event.prevent_default()


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(SettingList("one", "two"))
