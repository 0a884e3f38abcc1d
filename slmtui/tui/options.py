"""What the app is told when it starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agents.message import Sampling


@dataclass(frozen=True, slots=True)
class Prices:
    """What energy costs per kWh, and a million tokens elsewhere, in `currency`; None is not set."""

    tariff_per_kwh: float | None = None
    currency: str = "EUR"
    hosted_input_per_mtok: float | None = None
    hosted_output_per_mtok: float | None = None


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the app starts.

    `session` is the session to resume, or None for a new one. `prices` says what energy and tokens
    cost. `first_run` is shown when there is no model: how to get one. `clock` is monotonic seconds.
    """

    session: str | None = None
    paradigm: str = "base"
    sampling: Sampling = field(default_factory=Sampling)
    prices: Prices = field(default_factory=Prices)
    theme: str = "textual-dark"
    version: str = ""
    first_run: str = ""
    clock: Callable[[], float] = time.monotonic
