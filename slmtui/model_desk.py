"""What the app asks of models: which are here, whether they fit, how fast they were, and to pull others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sessions.speeds import ModelName, Speed
from slmtui.models.describe import ModelFacts
from slmtui.models.errors import PullError
from slmtui.models.fit import Fit
from slmtui.models.known import KNOWN, KnownModel
from slmtui.models.pulling import Pulling

if TYPE_CHECKING:
    from slmtui.models.pull import Puller


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model file on this machine: its size in bytes, and what its header says and asks of the memory.

    `problem` says why it cannot be used; then the rest of it is not known.
    """

    name: str
    path: str
    source: str
    size: int
    facts: ModelFacts | None = None
    fit: Fit | None = None
    problem: str = ""


class ModelDesk(Protocol):
    """Where the app learns of models. What blocks is called from a thread."""

    @property
    def pulls(self) -> Pulling:
        """What is being pulled."""
        ...

    def found(self) -> Iterator[ModelEntry]:
        """Yield the models on this machine as they are found: it walks the disk."""
        ...

    def known(self) -> tuple[KnownModel, ...]:
        """Return those of the short list, here or not."""
        ...

    def speeds(self) -> Mapping[ModelName, Speed]:
        """Return how fast models have decoded here: it reads the store."""
        ...


class NoModels:
    """The desk of an app that was told of no models, and may not pull any. Implements `ModelDesk`."""

    def __init__(self) -> None:
        self.pulls = Pulling(_refuse)

    def found(self) -> Iterator[ModelEntry]:
        """Yield nothing."""
        return iter(())

    def known(self) -> tuple[KnownModel, ...]:
        """Return the short list."""
        return KNOWN

    def speeds(self) -> Mapping[ModelName, Speed]:
        """Return nothing."""
        return {}


def _refuse() -> "Puller":
    raise PullError("this app cannot pull models")
