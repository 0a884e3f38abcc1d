"""What the chat knows for completing: commands, their arguments, the files of the folder."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from textual import on
from textual.message import Message

from agents.helps import MEANING
from agents.message import Sampling
from sessions.errors import SessionsError
from slmtui.tui.commands import COMMANDS
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.chat.running import ChatRunning
from slmtui.tui.state.completion import Choice, Completer
from slmtui.tui.state.file_list import files_under
from slmtui.tui.state.kept_list import KeptList
from slmtui.tui.state.paradigms import choices

T = TypeVar("T")

SESSIONS = 50


class ChatCompleting(ChatRunning):
    """Keeps the lists that completions come from. What takes time is listed in a thread."""

    class Listed(Message):
        """A list that was asked for is there."""

    async def on_mount(self) -> None:
        """Tell the prompt what can be completed."""
        files = KeptList(lambda: files_under(self.options.folder))
        models = KeptList(self._list_models)
        sessions = KeptList(self._list_sessions)
        arguments = {
            "paradigm": lambda: [Choice(each.name, each.name, each.title) for each in choices()],
            "switch": lambda: [Choice(f"{name} ", name, about) for name, about in MEANING.items()],
            "set": self._list_sampling,
            "theme": lambda: [Choice(name, name) for name in sorted(self.app.available_themes)],
            "model": lambda: self._fresh_list(models),
            "resume": lambda: self._read_list(sessions),
            "replay": lambda: self._read_list(sessions),
        }
        self.prompt.complete = Completer(COMMANDS, arguments, lambda: self._fresh_list(files)).offer

    def _fresh_list(self, kept: KeptList[T]) -> Sequence[T]:
        """Return a list as it is known, and have it made anew in a thread when it is old."""
        if kept.wanted(self.options.clock()):
            self.run_worker(self._make_list(kept), group="lists", exit_on_error=False)
        return kept.items

    async def _make_list(self, kept: KeptList[T]) -> None:
        kept.items = await asyncio.to_thread(kept.make)
        self.post_message(self.Listed())

    @on(Listed)
    def _listed(self, message: Listed) -> None:
        message.stop()
        self.prompt.ask_late()

    def _read_list(self, kept: KeptList[T]) -> Sequence[T]:
        """Return a list that the store gives: it is read here, for a store stays in its thread."""
        if kept.wanted(self.options.clock()):
            kept.items = kept.make()
        return kept.items

    def _list_models(self) -> Sequence[Choice]:
        """Return the models whose name can be typed."""
        return [
            Choice(each.name, each.name, each.problem or each.description)
            for each in self.options.models()
            if each.name.isprintable()
        ]

    def _list_sessions(self) -> Sequence[Choice]:
        try:
            latest = self.store.sessions(SESSIONS)
        except SessionsError:
            return ()
        return [Choice(each.id, plain_line(each.title, 40) or each.id, each.id[-6:]) for each in latest]

    def _list_sampling(self) -> Sequence[Choice]:
        now = self.chat.sampling
        return [Choice(f"{name} ", name, f"now {getattr(now, name)}") for name in Sampling.__slots__]
