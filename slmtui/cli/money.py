"""What turns cost in money, for a command that prints it: by the prices of the settings."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from agents.events import Event
from sessions.hosted_tokens import hosted_tokens
from sessions.money import Cost, Prices, turn_costs
from sessions.records import TurnRecord
from slmtui.assemble import settings_of, surroundings
from slmtui.cli.exits import user_errors
from slmtui.encodings import CountTokens, encodings_here
from slmtui.tui.format import energy, significant
from slmtui.tui.state.cost_line import SEPARATOR, energy_scope, pack
from slmtui.tui.state.money_rows import TURNS


@dataclass(frozen=True, slots=True)
class Pricing:
    """The prices that are set, and how the tokens of hosted ones are counted, as far as that is here."""

    prices: Prices
    encodings: Mapping[str, CountTokens]

    def costs(self, turn: TurnRecord, events: Callable[[str], Iterable[Event]]) -> tuple[Cost, ...]:
        """Return what a turn costs; `events` reads those of a turn, if its tokens are to be counted."""
        counted = hosted_tokens(events(turn.turn), self.encodings) if self.encodings else None
        return turn_costs(turn, self.prices, counted)


def pricing_set() -> Pricing:
    """Return the prices of the settings; what is wrong with these ends the command in one line."""
    with user_errors():
        around = surroundings()
        prices = settings_of(around, {}).money.prices()
    return Pricing(prices, encodings_here((each.encoding for each in prices.hosted), around.environ))


def energy_text(turn: TurnRecord) -> str:
    """Return the joules of a turn, their source, and the power that they imply; empty without any."""
    if turn.joules is None or turn.energy_source == "none":
        return ""
    watts = f", {significant(turn.mean_watts)} W" if turn.mean_watts is not None else ""
    return f"{energy(turn.joules, turn.energy_source)} {turn.energy_source}{watts}"


def cost_details(turn: TurnRecord, costs: Sequence[Cost], currency: str) -> Iterator[str]:
    """Yield a line of what the energy of a turn is of, if it has any, and one of what the turn costs."""
    if energy_text(turn) and turn.energy_scope:
        yield f"energy: {energy_scope(turn)}"
    if costs:
        yield f"{currency} for a million such turns: {SEPARATOR.join(map(_cost, costs))}"


def packed(lines: Iterable[str], stream: IO[str], indent: str = "") -> str:
    """Return lines of figures, for a terminal broken between figures where it is too narrow."""
    if stream.isatty():
        width = max(shutil.get_terminal_size().columns - len(indent), 1)
        lines = [part for line in lines for part in pack(line, width)]
    return "\n".join(f"{indent}{line}" for line in lines)


def money_objects(costs: Iterable[Cost], currency: str) -> list[dict[str, Any]]:
    """Return the costs of one turn as `--json` prints them, each with its currency."""
    return [asdict(each) | {"currency": currency} for each in costs]


def _cost(cost: Cost) -> str:
    return f"{cost.what} {'~' * cost.estimate}{significant(TURNS * cost.amount)} ({cost.basis})"
