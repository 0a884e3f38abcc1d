"""Under what the arms answer: which they are, at once or not, with the conversation or without."""

from slmtui.tui.screens.compare.running import STILL, CompareRunning
from slmtui.tui.state.compare_arms import ChosenArms


class CompareArms(CompareRunning):
    """Each change begins another comparison, for a run has one set of conditions."""

    def action_arms(self) -> None:
        """Choose the paradigms and models."""
        if self.state.running:
            self.note(STILL)
            return
        from slmtui.tui.screens.arm_picker import ArmPicker  # noqa: PLC0415 - only when it is asked for

        chosen = ChosenArms(self.conditions.paradigms, self.conditions.models, self.conditions.loaded)
        self.app.push_screen(ArmPicker(chosen, self.options, self.engines.own.facts), self._arms_chosen)

    async def _arms_chosen(self, chosen: ChosenArms | None) -> None:
        if chosen is None or (chosen.paradigms, chosen.models) == (
            self.conditions.paradigms,
            self.conditions.models,
        ):
            return
        conditions = self.other(paradigms=chosen.paradigms, models=chosen.models)
        await self.change(conditions, f"{len(conditions.arms)} arms.")

    async def action_order(self) -> None:
        """Let the arms answer at once, or one after another."""
        at_once = not self.conditions.at_once
        words = (
            "The arms answer at once." if at_once else "One arm answers after another: figures are its own."
        )
        await self.change(self.other(at_once=at_once), words)

    async def action_history(self) -> None:
        """Put the chat's conversation before each prompt, or nothing."""
        if not self.history:
            self.note("The chat has no conversation yet to put before a prompt.")
            return
        with_it = not self.conditions.history_of
        words = "With the chat's conversation before." if with_it else "Without a conversation before."
        await self.change(self.other(history_of=self.session if with_it else ""), words)

    async def action_new(self) -> None:
        """Begin another comparison under the same conditions."""
        await self.change(self.conditions, "Another comparison.")
        self.prompt.focus()
