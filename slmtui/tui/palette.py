"""The command palette: the commands of the registry that make sense on the screen in front."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from slmtui.tui.command import Command, Scope
from slmtui.tui.commands import in_scope, key_name


class RegistryCommands(Provider):
    """Finds commands by their `area: verb` titles."""

    def _commands(self) -> Iterator[Command]:
        scope: Scope = getattr(self.screen, "SCOPE", "app")
        also: tuple[Scope, ...] = getattr(self.screen, "ALSO", ())
        scopes: tuple[Scope, ...] = ("app",) if scope == "app" else (*also, scope, "app")
        for each in scopes:
            yield from (command for command in in_scope(each) if command.palette and self._fits(command))

    def _fits(self, command: Command) -> bool:
        """Whether the command makes sense now: nothing can be stopped while nothing runs."""
        return self.screen.check_action(command.action, ()) is True

    def _run(self, command: Command) -> Callable[[], Awaitable[bool]]:
        prefix = "app." if command.scope == "app" else "screen."
        return partial(self.app.run_action, prefix + command.action)

    def _told(self, command: Command) -> str:
        """Return what the command does, and the keys that give it: those of the user, if there are any."""
        keymap = getattr(self.app, "keymap", None)
        keys = command.keys if keymap is None else keymap.keys_of(command)
        names = ", ".join(key_name(key) for key in keys)
        return escape(f"{command.description}  [{names}]" if names else command.description)

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.title, self._run(command), help=self._told(command))

    async def search(self, query: str) -> Hits:
        """Yield the commands whose title fits what was typed, the best first."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                run = self._run(command)
                yield Hit(score, matcher.highlight(command.title), run, command.title, self._told(command))
