"""Textual bindings made from the registry of commands."""

from textual.binding import Binding

from slmtui.tui.command import Command, Scope
from slmtui.tui.commands import in_scope, key_name


def bindings(scope: Scope, *, only: tuple[str, ...] = (), leave_out: tuple[str, ...] = ()) -> list[Binding]:
    """Return the bindings of a scope, each with the id of its command.

    `only` and `leave_out` name ids: a screen leaves to a widget the keys that the widget must see first.
    """
    return [
        _binding(command)
        for command in in_scope(scope)
        if command.keys and command.id not in leave_out and (not only or command.id in only)
    ]


def _binding(command: Command) -> Binding:
    return Binding(
        ",".join(command.keys),
        command.action,
        command.footer or command.title,
        show=bool(command.footer),
        key_display=short(command.keys[0]),
        priority=command.priority,
        tooltip=command.description,
        id=command.id,
    )


def short(key: str) -> str:
    """Return a key as briefly as a footer needs it: ^p, ⇧←."""
    return key_name(key).replace("ctrl+", "^").replace("shift+", "⇧")
