"""What a run tells while it goes on, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from agents.events import EngineFacts
from sessions.run_records import AttemptRecord, RunRecord


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """A model is being loaded: as the user named it, empty for the one of the settings."""

    model: str


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """A model was loaded, and the attempts with it begin."""

    engine: EngineFacts | None


@dataclass(frozen=True, slots=True)
class AttemptScored:
    """An attempt was scored. It wrote `output_tokens`; a `rescued` one was answered in an earlier process."""

    attempt: AttemptRecord
    output_tokens: int
    rescued: bool = False


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Nothing is left to do, or `stopped` says why the rest was left out."""

    stopped: str = ""


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The user stopped the run; so many attempts are `left` for another time."""

    left: int


Progress: TypeAlias = ModelLoading | ModelLoaded | AttemptScored | RunEnded | RunPaused


@dataclass(slots=True)
class ArmStanding:
    """How an arm does so far: of `planned` attempts at `items`, `done` are scored and `right` right."""

    arm: str
    items: int
    planned: int
    done: int = 0
    right: int = 0

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the share that is right; None before the first attempt.

        Repeats are taken to be alike while a run goes on, so that it is never too narrow.
        """
        from sessions.stats.intervals import wilson  # noqa: PLC0415 - NumPy takes its time

        tries = min(self.done, self.items)
        return wilson(self.right / self.done * tries, tries) if self.done else None


@dataclass(slots=True)
class Standing:
    """How a run stands. Times are in seconds of the caller's clock.

    `made` are the attempts of this process, which wrote `output_tokens`. `began` is when it began them,
    put off by the time that models took to load, which is no part of its pace.
    """

    arms: dict[str, ArmStanding]
    began: float
    made: int = 0
    output_tokens: int = 0
    loading: float | None = None

    @classmethod
    def of_run(cls, run: RunRecord, attempts: Iterable[AttemptRecord], began: float) -> "Standing":
        """Return how a run stands with what is scored of it."""
        planned = run.items * run.repeats
        standing = cls({arm.arm: ArmStanding(arm.arm, run.items, planned) for arm in run.arms}, began)
        for attempt in attempts:
            if attempt.state is not None:
                standing._count(attempt)
        return standing

    @property
    def done(self) -> int:
        """How many attempts are scored."""
        return sum(arm.done for arm in self.arms.values())

    @property
    def planned(self) -> int:
        """How many attempts there will be."""
        return sum(arm.planned for arm in self.arms.values())

    def add(self, progress: Progress, now: float) -> None:
        """Take something into account that a run told."""
        match progress:
            case ModelLoading():
                self.loading = now
            case ModelLoaded() if self.loading is not None:
                self.began += now - self.loading
            case AttemptScored():
                self._count(progress.attempt)
                if not progress.rescued:
                    self.made += 1
                    self.output_tokens += progress.output_tokens
            case _:
                pass

    def seconds_left(self, now: float) -> float | None:
        """Return how long the rest takes at the pace of this process; None before its first attempt."""
        return (now - self.began) / self.made * (self.planned - self.done) if self.made else None

    def tokens_per_second(self, now: float) -> float | None:
        """Return the output tokens a second of this process, over all that ran at once."""
        return self.output_tokens / (now - self.began) if self.made and now > self.began else None

    def _count(self, attempt: AttemptRecord) -> None:
        arm = self.arms[attempt.arm]
        arm.done += 1
        arm.right += attempt.state == "right"
