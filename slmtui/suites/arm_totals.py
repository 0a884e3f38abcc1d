"""What each arm of a run came to: counts and sums over its scored attempts, and the paper's figures."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.events import EnergySource
from sessions.observation import Observation
from sessions.run_records import ATTEMPTED, STATES, AttemptState


@dataclass(frozen=True, slots=True)
class ArmTotals:
    """One arm's scored attempts. `states` has each state once, and its counts sum to `attempts`.

    Tokens and seconds are totals of all attempts, failed ones too; `walls` are their seconds one by one,
    sorted. `joules` is None where some attempt has none, or they are of several sources. `interval` is
    Wilson's, of the share that is right, with what repeats are worth as in a comparison; None without
    attempts.
    """

    arm: str
    attempts: int
    states: dict[AttemptState, int]
    interval: tuple[float, float] | None
    output_tokens: int
    prefilled_tokens: int
    reused_tokens: int
    wall_s: float
    walls: tuple[float, ...]
    joules: float | None
    energy_source: EnergySource

    @property
    def right(self) -> int:
        """How many answers are right, by the strict reading."""
        return self.states["right"]

    @property
    def completion(self) -> float | None:
        """The share of attempts with a right answer, or a wrong one that is whole; None without attempts."""
        return _ratio(sum(self.states[state] for state in ATTEMPTED), self.attempts)

    @property
    def latency_s(self) -> float | None:
        """Mean seconds of an attempt."""
        return _ratio(self.wall_s, self.attempts)

    @property
    def tokens_per_sample(self) -> float | None:
        """Mean output tokens of an attempt."""
        return _ratio(self.output_tokens, self.attempts)

    @property
    def tokens_per_second(self) -> float | None:
        """Output tokens / seconds, which is tokens per sample / latency whatever the arm does."""
        return _ratio(self.output_tokens, self.wall_s)

    @property
    def joules_per_token(self) -> float | None:
        """Joules an output token: prompt tokens cost too, and are not in the denominator."""
        return None if self.joules is None else _ratio(self.joules, self.output_tokens)

    def per_right(self, total: float | None) -> float | None:
        """Return a total over the right answers, failures included; None where none is right."""
        return None if total is None else _ratio(total, self.right)

    def percentile_s(self, part: float) -> float | None:
        """Return the seconds within which that part (0 to 1) of the attempts ended (nearest rank)."""
        return self.walls[max(math.ceil(part * len(self.walls)), 1) - 1] if self.walls else None


def totals(arms: Sequence[str], observations: Iterable[Observation]) -> list[ArmTotals]:
    """Return the totals of arms, in their order, over what is scored."""
    scored: dict[str, list[Observation]] = {arm: [] for arm in arms}
    observations = list(observations)
    data_sets = len({each.data_set for each in observations})
    for each in observations:
        if each.state is not None:
            scored[each.arm].append(each)
    return [_totals(arm, found, _interval(found, data_sets)) for arm, found in scored.items()]


def _interval(found: Sequence[Observation], data_sets: int) -> tuple[float, float] | None:
    # Imported here: NumPy takes its time.
    from sessions.comparing.rating import rate  # noqa: PLC0415
    from sessions.stats.bootstrap import CLUSTERS  # noqa: PLC0415

    right = [each.state == "right" for each in found]
    groups = [each.data_set for each in found] if data_sets >= CLUSTERS else None
    within = rate(right, [(each.data_set, each.item) for each in found], groups).interval
    return None if within is None else (within.low, within.high)


def _totals(arm: str, found: Sequence[Observation], interval: tuple[float, float] | None) -> ArmTotals:
    counts = Counter(each.state for each in found)
    walls = [each.values["wall_s"] or 0.0 for each in found]
    joules = [each.values["joules"] for each in found]
    sources = {each.energy_source for each in found}
    known = [each for each in joules if each is not None]
    whole = bool(found) and len(known) == len(found) and len(sources) == 1
    return ArmTotals(
        arm=arm,
        attempts=len(found),
        states={state: counts[state] for state in STATES},
        interval=interval,
        output_tokens=_sum(found, "output_tokens"),
        prefilled_tokens=_sum(found, "prefilled_tokens"),
        reused_tokens=_sum(found, "reused_tokens"),
        wall_s=math.fsum(walls),
        walls=tuple(sorted(walls)),
        joules=math.fsum(known) if whole else None,
        energy_source=sources.pop() if whole else "none",
    )


def _sum(found: Iterable[Observation], column: str) -> int:
    return int(sum(each.values[column] or 0 for each in found))


def _ratio(total: float, number: float) -> float | None:
    return total / number if number else None
