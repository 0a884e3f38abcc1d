"""The models: what each is, whether it fits, how fast it was; load one, give one to a role, pull one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from sessions.speeds import ModelName, Speed
from slmtui.backend import Backend
from slmtui.crew import Role
from slmtui.model_desk import ModelDesk, ModelEntry
from slmtui.tui.bindings import bindings
from slmtui.tui.command import Scope
from slmtui.tui.state.model_details import details_of, roles_line, together
from slmtui.tui.state.model_list import ModelListState
from slmtui.tui.state.model_rows import PULL_TITLE, ModelRow, head_line, row_line
from slmtui.tui.widgets.download_line import DownloadLine
from slmtui.tui.widgets.header_line import HeaderLine
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.model_list import IN_LIST, ModelList
from slmtui.tui.widgets.plain_static import PlainStatic
from slmtui.tui.widgets.status_line import StatusLine

LOOK_S = 0.1
FILTER = "Type to filter; OWNER/NAME is looked for on the hub  ( / )"
GiveRole = Callable[[Role, str | None], Awaitable[str]]


class ModelsScreen(Screen[str | None]):
    """Ends with the path of the model to load, or with None. It opens at once, and the list fills.

    `give_role` gives a role a model by path, and returns what is wrong with that, or nothing. `asked` is a
    name that the hub is asked for at once.
    """

    SCOPE: ClassVar[Scope] = "models"
    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "ModelList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("models", leave_out=IN_LIST)]

    listed = getters.query_one(ModelList)
    filter_line = getters.query_one(LineInput)
    download = getters.query_one(DownloadLine)
    status = getters.query_one(StatusLine)
    header = getters.query_one(HeaderLine)

    class Found(Message):
        """Another model was found; None is the end of them."""

        def __init__(self, entry: ModelEntry | None) -> None:
            super().__init__()
            self.entry = entry

    class Measured(Message):
        """The speeds of earlier turns were read."""

        def __init__(self, speeds: Mapping[ModelName, Speed]) -> None:
            super().__init__()
            self.speeds = speeds

    def __init__(self, desk: ModelDesk, backend: Backend, give_role: GiveRole, asked: str = "") -> None:
        super().__init__()
        self._desk, self._backend, self._give_role, self._asked = desk, backend, give_role, asked
        self._list = ModelListState()
        self._stale = True
        self._pulled, self._phase = desk.pulls.state.path, desk.pulls.state.phase

    def compose(self) -> ComposeResult:
        """The filter above, then the list, and below what there is to say of the marked one."""
        yield HeaderLine()
        yield LineInput(placeholder=FILTER, compact=True, select_on_focus=False)
        yield PlainStatic(classes="models--head")
        yield ModelList(markup=False)
        yield PlainStatic(classes="models--details")
        yield DownloadLine()
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Look for models: it reads the disk, so not here."""
        self._list.wanted = self._pulled or next((each.path for each in self._backend.models), "")
        self._find()
        self.set_interval(LOOK_S, self._look)
        if self._asked:
            self._desk.pulls.ask(self._asked)

    def on_unmount(self) -> None:
        """Forget how a pull ended: it was seen."""
        self._desk.pulls.forget()

    def on_resize(self) -> None:
        """Draw the columns that there is room for now."""
        self._stale = True

    @work(thread=True, exclusive=True, group="find", exit_on_error=False)
    def _find(self) -> None:
        self.post_message(self.Measured(self._desk.speeds()))
        try:
            for entry in self._desk.found():
                self.post_message(self.Found(entry))
        finally:
            self.post_message(self.Found(None))

    @on(Found)
    def _take_in(self, message: Found) -> None:
        message.stop()
        self._stale = True
        if message.entry is None:
            self._list.looking = False
        else:
            self._list.entries[message.entry.path] = message.entry

    @on(Measured)
    def _take_speeds(self, message: Measured) -> None:
        message.stop()
        self._list.speeds, self._stale = message.speeds, True

    # Drawing

    def _look(self) -> None:
        """See how the pull is, and draw the list if there is something new."""
        pull = self._desk.pulls.state
        self.download.show_pull(pull)
        if pull.phase != self._phase:
            self._phase = pull.phase
            self.refresh_bindings()
        if pull.path and pull.path != self._pulled:
            self._pulled = self._list.wanted = pull.path
            self._list.looking = self._stale = True
            self._find()
        if self._stale:
            self._stale = False
            self._draw()

    def _draw(self) -> None:
        listing, query = self._list, self.filter_line.value
        listing.search(query, self._desk.known(), self._backend.models)
        width = max(self.listed.scrollable_content_region.width, 20)
        options = [_option(row, width) for row in listing.here]
        if not listing.here:
            options.append(Option(Content(listing.nothing(query)), disabled=True))
        if listing.others:
            options.append(Option(Content(PULL_TITLE), disabled=True))
            options += [_option(row, width) for row in listing.others]
        with self.listed.prevent(OptionList.OptionHighlighted):  # it is not the user who moves the mark
            self.listed.set_options(options)
            self.listed.highlighted = listing.place
        self.query_one(".models--head", PlainStatic).show(Content(head_line(width)), layout=False)
        self.header.model, self.header.engine = "Models", listing.told
        self.header.session = roles_line(self._backend.models)
        self._show_marked()

    def _show_marked(self) -> None:
        row, loaded = self.marked, self._backend.facts is not None
        beside = together(self._backend.models, self._list.entries.values(), loaded=loaded)
        text = "\n".join(details_of(row, beside) if row else [beside])
        self.query_one(".models--details", PlainStatic).show(Content(text), layout=False)
        self.refresh_bindings()

    def note(self, text: str) -> None:
        """Say something in passing."""
        self.status.note(text)

    # What is done

    @property
    def marked(self) -> ModelRow | None:
        """The row under the cursor."""
        return self._list.row_at(self.listed.highlighted)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        row = self.marked
        if row is not None:
            self._list.wanted = row.key
        self._show_marked()

    @on(Input.Changed)
    def _filter(self) -> None:
        self._stale = True

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _load(self) -> None:
        """Load the marked model, or pull what is offered, or ask the hub for what is not here."""
        self._look()  # what was typed just now counts
        row = self.marked
        if self._desk.pulls.state.phase == "offered" or (row is not None and row.entry is None):
            self.action_pull()
        elif row is not None and row.entry is not None and row.usable:
            there = row.current and self._backend.facts is not None
            self.dismiss(None if there else row.entry.path)

    @on(DownloadLine.Pressed)
    def action_pull(self) -> None:
        """Pull what is offered; else ask the hub for the marked model."""
        pulls, row = self._desk.pulls, self.marked
        if pulls.state.busy:
            self.note("One model at a time: esc stops what is under way.")
        elif pulls.state.phase == "offered":
            pulls.begin()
        elif row is not None and row.entry is None:
            pulls.ask(row.pull)

    def action_give(self, role: Role) -> None:
        """Let the marked model be a role's, or no longer."""
        row = self.marked
        if row is None or row.entry is None:
            return
        path = None if role in row.uses else row.entry.path
        self.run_worker(self._give(role, path, row.name), group="give", exit_on_error=False)

    async def _give(self, role: Role, path: str | None, name: str) -> None:
        problem = await self._give_role(role, path)
        now = f"{name} from the next prompt on" if path else "the main model again"
        self.note(problem or f"The {role} has {now}.")
        self._stale = True

    def action_find(self) -> None:
        """Go to the line that filters."""
        self.set_focus(self.filter_line)

    def action_stop(self) -> None:
        """Stop a pull; else empty the filter; else go back to the chat."""
        pulls = self._desk.pulls
        if pulls.state.busy or pulls.state.phase == "offered":
            pulls.stop()
        elif self.focused is self.filter_line:
            self.filter_line.value = ""
            self.listed.focus()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Go back to the chat; a pull goes on."""
        self.dismiss(None)

    @on(ModelList.Typed)
    def _typed(self, message: ModelList.Typed) -> None:
        """Filter by what is typed in the list."""
        message.stop()
        self.set_focus(self.filter_line)
        self.filter_line.insert_text_at_cursor(message.character)

    def on_key(self, event: events.Key) -> None:
        """Go through the list from the line that filters."""
        if self.focused is self.filter_line and event.key in {"up", "down"}:
            event.stop()
            move = self.listed.action_cursor_up if event.key == "up" else self.listed.action_cursor_down
            move()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer what can be done with the marked row; other letters filter."""
        row, pull = self.marked if self.is_mounted else None, self._desk.pulls.state
        if action == "pull":
            return pull.busy or pull.phase == "offered" or (row is not None and row.entry is None)
        if action == "give":
            return row is not None and row.usable
        return True


def _option(row: ModelRow, width: int) -> Option:
    line = row_line(row, width)
    disabled = row.entry is not None and bool(row.entry.problem)
    return Option(Content.styled(line, "bold") if row.current else Content(line), disabled=disabled)
