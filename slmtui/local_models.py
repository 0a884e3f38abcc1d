"""The models of this machine, as the app asks for them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sessions.speeds import ModelName, Speed, model_speeds
from slmtui.assemble import Surroundings, each_model_here
from slmtui.host import machine_name
from slmtui.model_desk import ModelEntry
from slmtui.model_memory import memory_fit
from slmtui.models.describe import describe
from slmtui.models.errors import ModelFileError
from slmtui.models.find import FoundModel
from slmtui.models.known import KNOWN, KnownModel
from slmtui.models.places import hub_cache
from slmtui.models.pulling import Pulling
from slmtui.settings import EngineTable

if TYPE_CHECKING:
    from slmtui.models.pull import Puller


class LocalModels:
    """Looks for models under the settings of the engine. Implements `slmtui.model_desk.ModelDesk`.

    `store` is the file of the sessions, where speeds were measured.
    """

    def __init__(self, around: Surroundings, engine: EngineTable, store: Path) -> None:
        self._around, self._engine, self._store = around, engine, store
        self.pulls = Pulling(lambda: local_puller(around))

    def found(self) -> Iterator[ModelEntry]:
        """Yield the models on this machine as they are found."""
        return map(self._entry, each_model_here(self._around))

    def known(self) -> tuple[KnownModel, ...]:
        """Return the short list."""
        return KNOWN

    def speeds(self) -> Mapping[ModelName, Speed]:
        """Return how fast models have decoded here."""
        return model_speeds(self._store, machine_name())

    def _entry(self, found: FoundModel) -> ModelEntry:
        path = str(found.path)
        try:
            facts = describe(found.path)
        except ModelFileError as error:
            return ModelEntry(found.name, path, found.source, found.size, problem=str(error))
        fit = memory_fit(facts, self._engine)
        return ModelEntry(found.name, path, found.source, found.size, facts, fit)


def local_puller(around: Surroundings) -> "Puller":
    """Return what pulls models to this machine: the hub's client takes a while to import."""
    from slmtui.models.hub import Hub  # noqa: PLC0415 - see above
    from slmtui.models.pull import Puller  # noqa: PLC0415

    return Puller(Hub(around.environ.get("HF_ENDPOINT")), hub_cache(around.environ, around.home))
