"""The chat's way to a turn's details: of the latest, or of one that is named."""

from sessions.errors import SessionsError
from slmtui.tui.screens.chat.running import ChatRunning


class ChatDetails(ChatRunning):
    """What the chat can do with the details of a turn."""

    async def action_details(self) -> None:
        """Show the details of the latest turn, running or not."""
        turn = self.chat.latest.record.turn if self.chat.latest else ""
        if turn:
            await self.details_named(turn)
        else:
            self.note("There is no turn yet: send a prompt first.")

    async def details_named(self, ref: str) -> None:
        """Show the details of the turn that `ref` names: its number in this session, or its id."""
        from slmtui.tui.screens.details import open_details  # noqa: PLC0415 - after the first paint

        open_details(self.app, self.store, self.options, self._turn_numbered(ref) or ref, self.note)

    def _turn_numbered(self, ref: str) -> str:
        """Return the id of a turn by its number in this session; empty where there is none."""
        if self.chat.session is None or not (ref.isdecimal() and len(ref) <= 4):
            return ""
        try:
            turns = self.store.turns(self.chat.session)
        except SessionsError:
            return ""
        return turns[int(ref) - 1].turn if 0 < int(ref) <= len(turns) else ""
