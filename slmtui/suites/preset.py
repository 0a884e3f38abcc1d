"""Named protocols: sets of flags under which others have published figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slmtui.suites.plan import Preset


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a preset sets: flags of `slmtui bench`, `top_p`, and the most `steps` that an agent takes."""

    flags: Mapping[str, Any] = field(default_factory=dict)
    top_p: float | None = None
    steps: int | None = None


PRESETS: Mapping[Preset, Protocol] = {
    "": Protocol(),
    # arXiv 2604.19299, section 3.4: greedy, top_p 0.9, five turns of interaction at most. Its latencies are
    # those of requests that run alone, as far as it says.
    "paper": Protocol(
        {"paradigm": ("base", "single", "multi"), "temperature": 0.0, "at_once": 1}, top_p=0.9, steps=5
    ),
}
"""The presets by name; the empty one sets nothing."""
