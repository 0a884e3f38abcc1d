"""The marked turn: moving the mark, copying, folding, and the menu of what can be done with it."""

from textual import events, on

from slmtui.tui import format as fmt
from slmtui.tui.clipboard import clean
from slmtui.tui.commands import in_scope
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.turn_markdown import answer_source, code_blocks, turn_markdown
from slmtui.tui.widgets.more_line import MoreLine
from slmtui.tui.widgets.transcript import Transcript
from slmtui.tui.widgets.turn_list import Block, TurnList, block_around

TURN_ACTIONS = frozenset(command.action.partition("(")[0] for command in in_scope("turn"))
"""What keys do while a turn is marked, and do not do else."""


class ChatTurns(ChatRunning):
    """What the chat can do with a turn. The turn that has the focus is the marked one."""

    _code: tuple[str, int] = ("", -1)
    _thoughts = True

    @property
    def marked(self) -> Block | None:
        """The turn that is marked, if any."""
        return block_around(self.focused)

    @property
    def chosen(self) -> LiveTurn | None:
        """The turn that a command is about: the marked one, else the latest that is drawn."""
        block = self.marked or next(reversed(self._drawn), None)
        return block.turn if block is not None else None

    @property
    def _drawn(self) -> list[Block]:
        return self.pane.transcript.turns.blocks

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what is done with a turn only while one is marked."""
        if action.partition("(")[0] in TURN_ACTIONS:
            return self.marked is not None
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Type into the prompt what is no key of what has the focus.

        The focus moves at once: the letters after this one are typed too, though some are commands of the
        turn that was marked, and though those that come fast were sent there.
        """
        if event.is_printable and event.character and event.key not in self.active_bindings:
            event.stop()
            event.prevent_default()
            self.set_focus(self.prompt)
            self.prompt.insert(event.character)

    async def action_on_last(self, name: str) -> None:
        """Do something with the marked turn, or with the latest."""
        if self.chosen is None:
            self.note("There is no turn yet: send a prompt first.")
            return
        done = getattr(self, f"action_{name}")()
        if done is not None:
            await done

    # Marking

    async def action_mark_turn(self, direction: int) -> None:
        """Mark the turn before or after; the first time, the last one in view."""
        marked = self.marked
        if marked is None:
            self._mark_in_view()
        elif (other := await self._beside(marked, direction)) is not None:
            self._mark(other)
        elif direction > 0:
            self.prompt.focus()

    def _mark_in_view(self) -> None:
        transcript = self.pane.transcript
        bottom = transcript.scroll_offset.y + transcript.size.height
        seen = [block for block in self._drawn if block.virtual_region.y < bottom]
        if not seen:
            self.note("There is no turn yet: send a prompt first.")
            return
        self._mark(seen[-1])

    async def _beside(self, block: Block, direction: int) -> Block | None:
        """Return the turn before or after one that is drawn, loading more if that is needed."""
        index = self._drawn.index(block) + direction
        path = self.chat.path
        if (index < 0 and path.earlier) or (index >= len(self._drawn) and path.later):
            await self.load_more(direction)
            index = self._drawn.index(block) + direction
        return self._drawn[index] if 0 <= index < len(self._drawn) else None

    def _mark(self, block: Block) -> None:
        block.focus()

    async def action_mark_first(self) -> None:
        """Mark the first turn of the conversation."""
        if self.chat.path.earlier:
            self.chat.path.show_oldest()
            await self.show_window(stay=False)
        self.pane.transcript.scroll_home(animate=False)
        self._mark(self._drawn[0])

    async def action_mark_last(self) -> None:
        """Mark the last turn, and follow the end."""
        await self.show_newest()
        self._drawn[-1].focus(scroll_visible=False)

    @on(Transcript.NewestWanted)
    async def show_newest(self) -> None:
        """Go to the end of the chat, drawing the latest turns if they are not."""
        if self.chat.path.later:
            self.chat.path.show_newest()
            await self.show_window(stay=False)
        self.pane.transcript.go_to_end()

    @on(MoreLine.Pressed)
    async def _more_wanted(self, message: MoreLine.Pressed) -> None:
        message.stop()
        await self.load_more(message.direction)

    @on(TurnList.Undraggable)
    def _tell_frozen(self) -> None:
        self.note("An older turn is drawn frozen, and its text cannot be selected; now it can: drag again.")

    # Looking

    def action_fold_turn(self) -> None:
        """Fold the turn to one line, or open it."""
        block = self.marked
        if block is not None:
            block.turn.folded = not block.turn.folded
            block.focus(scroll_visible=False)  # a step in it is seen no longer
            self.pane.transcript.turns.redraw(block)

    def action_toggle_thinking(self) -> None:
        """Show or hide what the model thought."""
        self._thoughts = not self._thoughts
        self.pane.transcript.turns.show_thoughts(self._thoughts)
        how = "shown" if self._thoughts else "hidden; its tokens are counted all the same"
        self.note(f"Thinking is {how}.")

    def action_turn_details(self) -> None:
        """Show the turn's timeline and calls."""
        turn = self.chosen
        if turn is None or not turn.view.turn:
            self.note("This turn was not kept: there are no details of it.")
            return
        from slmtui.tui.screens.details import DetailsScreen  # noqa: PLC0415 - after the first paint

        self.app.push_screen(DetailsScreen(self.store, self.options, turn.view.turn))

    def action_turn_menu(self) -> None:
        """Choose what to do with the turn."""
        turn = self.chosen
        if turn is None:
            return
        from slmtui.tui.screens.turn_menu import TurnMenu  # noqa: PLC0415 - after the first paint

        title = f"Turn: {plain_line(turn.view.prompt, 50)}"
        self.app.push_screen(TurnMenu(title, self._lacking(turn)), self._menu_chosen)

    def _lacking(self, turn: LiveTurn) -> frozenset[str]:
        """Return what cannot be done with a turn."""
        walks = ((-1, turn.place.number > 1), (1, turn.place.number < turn.place.of))
        lacking = {f"walk_siblings({direction})" for direction, possible in walks if not possible}
        if not answer_source(turn).strip():
            lacking |= {"copy_answer", "copy_code", "continue_answer"}
        return frozenset(lacking)

    async def _menu_chosen(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(f"screen.{action}")

    # Copying

    def action_copy_answer(self) -> None:
        """Copy the answer as the model wrote it."""
        if (turn := self.chosen) is not None:
            self._copy(clean(answer_source(turn)).strip(), "the answer")

    def action_copy_turn(self) -> None:
        """Copy prompt, steps, answer and figures."""
        if (turn := self.chosen) is not None:
            self._copy(turn_markdown(turn), "the turn")

    def action_copy_code(self) -> None:
        """Copy the next code block of the answer, round and round."""
        turn = self.chosen
        found = code_blocks(answer_source(turn)) if turn is not None else ()
        if turn is None or not found:
            self.note("There is no code block in this answer.")
            return
        before, index = self._code
        index = (index + 1) % len(found) if before == turn.view.turn else 0
        self._code = (turn.view.turn, index)
        which = f" {index + 1} of {len(found)}" if len(found) > 1 else ""
        language = f" ({plain_line(found[index].language, 20)})" if found[index].language else ""
        self._copy(found[index].text, f"code block{which}{language}")

    def _copy(self, text: str, what: str) -> None:
        text = clean(text)
        if not text.strip():
            self.note(f"There is nothing to copy: {what} is empty.")
            return
        self.app.copy_to_clipboard(text)
        lines = text.strip("\n").count("\n") + 1
        size = f"{fmt.count(lines)} lines" if lines > 1 else f"{fmt.count(len(text))} characters"
        self.note(f"✓ Copied {what}: {size}.")
