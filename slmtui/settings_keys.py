"""The user's own keys, as the settings file has them: `[keys]`, with `"chat.panel" = "ctrl+k"`.

What the keys and the commands are called is known to the app alone, so it checks them: `slmtui.tui.keymap`.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

TABLE = "keys"


def _flat(value: Any) -> Any:
    """Take `chat.panel = …` without quotes, which TOML reads as tables, for the one name that is meant."""
    if not isinstance(value, Mapping):
        return value
    flat: dict[Any, Any] = {}
    for name, keys in value.items():
        if isinstance(keys, Mapping):
            flat |= {f"{name}.{rest}": each for rest, each in _flat(keys).items()}
        else:
            flat[name] = keys
    return flat


Keys = Annotated[dict[str, str], BeforeValidator(_flat)]
"""Keys by the id of their command: one, several with commas between, or none for no key at all."""


def line_of(text: str, command: str) -> int | None:
    """Return the line, from 1, on which a settings file sets the keys of a command, as far as can be seen."""
    wanted = re.compile(rf"\s*(keys\.)?[\"']?{re.escape(command)}[\"']?\s*=")
    last = re.compile(rf"\s*[\"']?{re.escape(command.rpartition('.')[2])}[\"']?\s*=")  # under [keys.chat]
    lines = text.splitlines()
    for pattern in (wanted, last):
        found = next((number for number, line in enumerate(lines, 1) if pattern.match(line)), None)
        if found is not None:
            return found
    return None
