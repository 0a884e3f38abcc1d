"""The chat's model: loading it, changing it, giving it back."""

from textual import on
from textual.message import Message

from slmtui.backend import BackendError
from slmtui.crew import ROLES, Role
from slmtui.models.pulling import PullState
from slmtui.tui import format as fmt
from slmtui.tui.engine_keeper import EngineChanged, Restored, Switched
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.engine_state import EngineState
from slmtui.tui.state.model_details import roles_line
from slmtui.tui.state.pull_line import ended_line

TAKE_BACK = "-"


class ChatModel(ChatRunning):
    """What the chat can do with its model. The keeper does it, and its messages come back here."""

    class PullEnded(Message):
        """A pull has ended, well or not."""

        def __init__(self, state: PullState) -> None:
            super().__init__()
            self.state = state

    _before = EngineState()

    @property
    def _in_use(self) -> str:
        """The name of the model that was loaded last."""
        return plain_line(self._facts.model, 60) if self._facts is not None else ""

    def _refuse_now(self) -> bool:
        """Say why the model cannot be changed at this moment; return whether it cannot."""
        if not self.busy and self.engine.phase == "loading":
            self.note("The model is still loading.")
            return True
        return self.refuse_while_busy()

    def _show_engine(self) -> None:
        """Show which models roles have too, behind the main one."""
        super()._show_engine()
        roles = roles_line(self.backend.models)
        if roles:
            self.header.model += f" · {roles}"

    async def on_mount(self) -> None:
        """Hear of the end of a pull, wherever the user is by then."""
        self.options.model_desk.pulls.ended = self._tell_of_pull

    def _tell_of_pull(self, state: PullState) -> None:
        """Post that a pull has ended, from its thread."""
        self.post_message(self.PullEnded(state))

    async def leave(self, stop_s: float, save_s: float) -> None:
        """Stop a pull too: what came of it is kept."""
        self.options.model_desk.pulls.stop()
        await super().leave(stop_s, save_s)

    # The picker

    def action_model_menu(self) -> None:
        """Choose a model from the picker."""
        self._open_picker()

    async def pull_named(self, name: str) -> None:
        """Ask the hub for a model, and show in the picker what it says."""
        self._open_picker(name)

    def _open_picker(self, asked: str = "") -> None:
        if self._refuse_now():
            return
        from slmtui.tui.screens.models import ModelsScreen  # noqa: PLC0415 - after the first paint

        picker = ModelsScreen(self.options.model_desk, self.backend, self._give_role, asked)
        self.app.push_screen(picker, self._model_chosen)

    async def _model_chosen(self, path: str | None) -> None:
        self._show_engine()
        if path is not None:
            await self.switch_model(path)

    @on(PullEnded)
    def _pull_ended(self, message: PullEnded) -> None:
        message.stop()
        if self.is_active:
            self.status.note(ended_line(message.state), seconds=None)

    # Models of roles

    async def role_given(self, words: str) -> None:
        """Give a role another model: `supervisor NAME`, or `supervisor -` to take it back."""
        role, _, model = words.partition(" ")
        wanted = next((each for each in ROLES if each == role.lower()), None)
        if wanted is None or not model.strip():
            self.note(
                "Say whose and which: /role supervisor NAME, /role specialist NAME, or - to take it back."
            )
        elif not self._refuse_now():
            self.note(f"Looking for {plain_line(model, 60)}…")
            name = None if model.strip() == TAKE_BACK else model.strip()
            self.run_worker(self._give_named(wanted, name), group="engine", exit_on_error=False)

    async def _give_named(self, role: Role, name: str | None) -> None:
        problem = await self._give_role(role, name)
        now = f"{plain_line(name, 60)} from the next prompt on" if name else "the main model again"
        self.note(problem or f"The {role} has {now}.")

    async def _give_role(self, role: Role, model: str | None) -> str:
        """Give a role a model, or with None the main one; return what is wrong with that, or nothing."""
        try:
            await self.backend.give_role(role, model)
        except BackendError as error:
            return str(error)
        self._show_engine()
        return ""

    # The main model

    async def switch_model(self, model: str) -> None:
        """Load another model, named or by path, unless a turn runs."""
        if self._refuse_now():
            return
        self._before = self.engine
        self.status.forget()
        self.show_engine(EngineState("loading"))
        self.run_worker(self.keeper.switch(model, self.take_held()), group="engine", exit_on_error=False)

    @on(Switched)
    def _switched(self, message: Switched) -> None:
        """Show the model that is in use now, and why if it is not the one that was asked for."""
        message.stop()
        if not message.problem:
            self.show_engine(EngineState("ready"))
            self.note(f"{self._in_use} is loaded; the conversation goes on with it.")
            return
        self.show_engine(self._after_failed_switch())
        kept = f" {self._in_use} stays the model in use." if self._in_use else ""
        self.status.note(f"Not switched: {message.problem.strip()}{kept}", seconds=None)

    def _after_failed_switch(self) -> EngineState:
        if self.backend.facts is not None or self._before.phase == "missing":
            return self._before
        return EngineState("unloaded")

    def action_unload_model(self) -> None:
        """Give the model's memory back, unless a turn runs."""
        if self._refuse_now():
            return
        if self.backend.facts is None:
            self.note("No model is loaded.")
            return
        self.run_worker(self.keeper.unload(self.take_held()), group="engine", exit_on_error=False)

    @on(EngineChanged)
    def _engine_changed(self, message: EngineChanged) -> None:
        message.stop()
        self.show_engine(message.state)
        if message.state.phase == "unloaded":
            self.note(f"{self._in_use} is unloaded: its memory is free. The next prompt loads it again.")

    @on(Restored)
    def _restored(self, message: Restored) -> None:
        message.stop()
        if self.engine.phase == "ready":
            self.show_engine(EngineState("warm"))
        if message.session == self.chat.session:
            self.note(f"KV cache restored: {fmt.count(message.tokens)} tokens.")
