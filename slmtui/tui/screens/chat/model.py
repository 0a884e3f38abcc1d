"""The chat's model: loading it, changing it, giving it back."""

from textual import on

from slmtui.tui import format as fmt
from slmtui.tui.engine_keeper import EngineChanged, Restored, Switched
from slmtui.tui.options import ModelChoice
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.engine_state import EngineState


class ChatModel(ChatRunning):
    """What the chat can do with its model. The keeper does it, and its messages come back here."""

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

    def action_model_menu(self) -> None:
        """Choose the model from a menu."""
        if self._refuse_now():
            return
        from slmtui.tui.screens.model_menu import ModelMenu  # noqa: PLC0415 - after the first paint

        self.app.push_screen(ModelMenu(self.options.models, self.backend.facts), self._model_chosen)

    async def _model_chosen(self, choice: ModelChoice | None) -> None:
        if choice is not None:
            await self.switch_model(choice.path)

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
