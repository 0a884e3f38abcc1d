"""A local backend on a tiny model with random weights: it starts fast, and says nothing of sense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.budget import Limits
from agents.events import EngineFacts, Event, MeterRead
from agents.message import Message, Sampling
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.crew import Role
from slmtui.engine.endpoint import Endpoint
from slmtui.engine.protocol import Load, Loaded, Threads
from slmtui.local_backend import LocalBackend, Prepared
from slmtui.models.errors import ModelNotFoundError
from slmtui.saved_states import SavedStates
from slmtui.toolboxes import ToolSupply
from tools.registry import Example, Tool

WILD = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=1)
RING = Tool(
    "ring",
    "rings a bell",
    {"type": "object", "properties": {"bell": {"type": "string", "enum": ["a", "b"]}}, "required": ["bell"]},
    (Example("ring a", {"bell": "a"}, "a rang", "It rang."),),
    lambda bell: f"{bell} rang",
)
LIMITS = Limits(max_steps=2, max_tokens=120)


@dataclass
class AccountMeter:
    """Reads nothing but the engine's own account; -1 where there is none."""

    pids: tuple[int, ...] = ()

    def start(self, pids: Sequence[int]) -> None:
        self.pids = tuple(pids)

    def read(self, t: float, cpu_s: float | None) -> MeterRead:
        return MeterRead(t, 1, 1, -1.0 if cpu_s is None else cpu_s, None, "none")

    def stop(self) -> None:
        pass


def prepared(path: Path) -> Prepared:
    """Return a model of this name, whether there is one or not."""

    def facts_of(loaded: Loaded) -> EngineFacts:
        return EngineFacts(
            path.stem, f"hash of {path.stem}", "F32", "llama", 1, loaded.context, loaded.threads.decode, 0,
            loaded.llama_cpp, "here", "0",
        )  # fmt: skip

    load = Load(str(path), threads=Threads(1, 1), batch=32, sequences=8)
    return Prepared(load, facts_of, lambda text: TokenCount(len(text), exact=True))


def load_for(name: str) -> Prepared:
    """Prepare a model by its path."""
    if name == "nobody":
        raise ModelNotFoundError("There is no model named nobody.")
    if name == "backend":
        raise BackendError("The backend does not want it.")
    return prepared(Path(name))


def tiny(
    model: Path,
    log: Path,
    *,
    states: SavedStates | None = None,
    endpoint: Endpoint | None = None,
    limits: Limits = LIMITS,
    roles: Mapping[Role, Path] | None = None,
) -> LocalBackend:
    return LocalBackend(
        prepared(model),
        log,
        load_for=load_for,
        gather=lambda: ToolSupply((RING,), ()),
        limits=limits,
        make_meter=AccountMeter,
        roles={role: prepared(path) for role, path in (roles or {}).items()},
        states=states,
        endpoint=endpoint,
    )


def asked(
    prompt: str, paradigm: str = "base", history: tuple[Message, ...] = (), *, cold: bool = False
) -> TurnRequest:
    return TurnRequest("session", paradigm, prompt, history, WILD, cold, oracle="ring")


def readings(events: list[Event]) -> list[MeterRead]:
    return [event for event in events if isinstance(event, MeterRead)]
