"""A desk of models for tests: what is here is made up, and a pull is whatever a test says it is."""

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sessions.speeds import ModelName, Speed
from slmtui.model_desk import ModelEntry
from slmtui.models.describe import ModelFacts
from slmtui.models.download import PullProgress
from slmtui.models.errors import PullError, PullStoppedError
from slmtui.models.fit import Fit
from slmtui.models.known import KNOWN, KnownModel
from slmtui.models.pulling import Pulling
from tests.slmtui.tui.scripted import FACTS

PATIENCE_S = 20.0


def facts(
    name: str, path: str, parameters: int, quantisation: str, size: int, licence: str | None
) -> ModelFacts:
    return ModelFacts(
        path=Path(path), name=name, architecture="llama", parameters=parameters, quantisation=quantisation,
        size=size, context_length=8192, embedding_length=576, layers=30, heads=9, kv_heads=(3,) * 30,
        key_length=64, value_length=64, vocabulary=49152, kv_bytes_per_token=23_040, chat_template="{{ x }}",
        tokenizer="gpt2", pre_tokenizer="smollm", licence=licence,
    )  # fmt: skip


def entry(
    name: str, parameters: int, quantisation: str, size: int, *, licence: str | None = "apache-2.0",
    source: str = "Hugging Face", free: int = 6_000_000_000, model: str = "",
) -> ModelEntry:  # fmt: skip
    path = f"/models/{name}.gguf"
    fit = Fit(8192, size, 188_743_680, 230_000_000, free)
    return ModelEntry(
        name, path, source, size, facts(model or name, path, parameters, quantisation, size, licence), fit
    )


SMOL = entry("smollm2", FACTS.parameters, "Q4_1", 98_000_000, source="embedded", model=FACTS.model)
QWEN = entry("qwen3-1.7b-q8", 1_720_000_000, "Q8_0", 1_834_000_000, source="Ollama")
LARGE = entry("phi-4-huge", 9_900_000_000, "F16", 19_800_000_000, licence="mit")
BROKEN = ModelEntry(
    "broken",
    "/models/broken.gguf",
    "~/models",
    70,
    problem="/models/broken.gguf is truncated: fetch it again",
)
ENTRIES = (SMOL, BROKEN, QWEN, LARGE)
SPEEDS = {ModelName(FACTS.model, "Q4_1"): Speed(31.84, 30.1, 12)}


class ScriptedDesk:
    """Implements `slmtui.model_desk.ModelDesk`.

    With `walk` the search waits after its first model until it is set. A pull sends `sizes`, each when
    `go` lets it; then it ends with `problem`, or its file is here.
    """

    def __init__(
        self, entries: tuple[ModelEntry, ...] = ENTRIES, walk: threading.Event | None = None
    ) -> None:
        self.entries = list(entries)
        self.walk = walk
        self.go = threading.Semaphore(0)
        self.sizes = (319_000_000, 639_000_000)
        self.problem = ""
        self.asked: list[str] = []
        self.clock = iter(range(0, 10**6, 2))
        self.pulls = Pulling(lambda: self, lambda: next(self.clock))  # type: ignore[arg-type,return-value]

    def found(self) -> Iterator[ModelEntry]:
        for index, each in enumerate(self.entries):
            if index == 1 and self.walk is not None:
                self.walk.wait(PATIENCE_S)
            yield each

    def known(self) -> tuple[KnownModel, ...]:
        return KNOWN

    def speeds(self) -> Mapping[ModelName, Speed]:
        return SPEEDS

    # What pulls

    def offer(self, name: str) -> Any:
        self.asked.append(name)
        if name == "owner/gone":
            raise PullError("the hub has no repository owner/gone")
        return SimpleNamespace(
            repository=SimpleNamespace(name="Qwen/Qwen3-0.6B-GGUF", licence="apache-2.0", gated=False),
            file=SimpleNamespace(name="Qwen3-0.6B-Q8_0.gguf", size=self.sizes[-1]),
            landing=SimpleNamespace(path=Path("/hub/Qwen3-0.6B-Q8_0.gguf"), folder=Path("/hub")),
            free=51_000_000_000, there=0, here=False,
        )  # fmt: skip

    def pull(
        self, offer: Any, progress: Callable[[PullProgress], None], is_stopped: Callable[[], bool]
    ) -> Path:
        for done in (0, *self.sizes):
            progress(PullProgress("pulling", done, self.sizes[-1]))
            while not self.go.acquire(timeout=0.02):
                if is_stopped():
                    raise PullStoppedError(
                        "stopped; what came so far is kept, and the same pull goes on from there"
                    )
        if self.problem:
            raise PullError(self.problem)
        pulled = entry("Qwen3-0.6B-Q8_0", 596_000_000, "Q8_0", self.sizes[-1])
        path = str(offer.landing.path)
        self.entries.append(
            ModelEntry(pulled.name, path, pulled.source, pulled.size, pulled.facts, pulled.fit)
        )
        return Path(path)
