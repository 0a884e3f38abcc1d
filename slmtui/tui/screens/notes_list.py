"""The files of the notes folder, and what is left out with the reason."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.notices import plural
from tools.note_files import NoteFile, Skipped


class NotesList(ModalScreen[None]):
    """Lists; escape closes it."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss(None)", "close", id="notes.close", priority=True)
    ]

    def __init__(self, files: Sequence[NoteFile | Skipped]) -> None:
        super().__init__()
        self._files = files

    def compose(self) -> ComposeResult:
        """List the files, those that are left out last."""
        listed = [Option(Content(_line(each))) for each in sorted(self._files, key=_left_out)]
        nothing = [Option(Content("There are no notes yet: /note TEXT adds one."), disabled=True)]
        menu = OptionList(*(listed or nothing), markup=False)
        menu.border_title = Content(plural(sum(not _left_out(each) for each in self._files), "note"))
        menu.border_subtitle = "esc: leave"
        yield menu


def _left_out(each: NoteFile | Skipped) -> bool:
    return isinstance(each, Skipped)


def _line(each: NoteFile | Skipped) -> str:
    name = plain_line(each.name, 80)
    if isinstance(each, Skipped):
        return f"✗ {name} · left out: {plain_line(each.reason, 80)}"
    return f"  {name} · {fmt.significant(each.size / 1000)} kB"
