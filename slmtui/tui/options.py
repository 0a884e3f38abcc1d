"""What the app is told when it starts."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.budget import Limits
from agents.events import EngineFacts
from agents.helps import Helps
from agents.message import Sampling
from sessions.money import Prices
from slmtui.backend import Backend
from slmtui.engine_told import EngineTold
from slmtui.model_desk import ModelDesk, NoModels
from slmtui.models.fit import Fit
from slmtui.settings_desk import SettingsDesk
from slmtui.tui.notes_desk import NotesDesk


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that can be chosen: its name, what it is in one line, and its file.

    `model` and `quantisation` are what an engine calls it once it is loaded. `problem` says why it
    cannot be used.
    """

    name: str
    description: str
    path: str
    model: str = ""
    quantisation: str = ""
    problem: str = ""

    def is_loaded(self, facts: EngineFacts | None) -> bool:
        """Whether it is the model of an engine with these facts."""
        return facts is not None and (facts.model, facts.quantisation) == (self.model, self.quantisation)


def no_models() -> Sequence[ModelChoice]:
    """Return nothing: the models of an app that was not told of any."""
    return ()


def no_fit(_model: str) -> Fit | None:
    """Return nothing: whether a model fits beside the loaded one is not known."""
    return None


def no_encodings() -> Mapping[str, Callable[[str], int]]:
    """Return nothing: tokens are counted as the model counts them."""
    return {}


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the app starts.

    `session` is the session to resume, or None for a new one. `prices` says what energy and tokens
    cost, and `encodings` how those of hosted services are counted, as far as is known yet. `first_run` is
    shown when there is no model: how to get one. `models` looks for those that can be chosen, and may take
    a while. `helps` are the switches of a session at its start, `notes` the user's folder of notes, if one
    is open. `limits` are a turn's, `agent_limits` an agent's in it. `backend_for` makes the backend of
    another model, named or by path, for a comparison beside the chat; it raises `BackendError`. `fit_of`
    estimates whether the model of a file fits in the memory that is free now; it reads the disk. `engine_log`
    is the file of llama.cpp's own words. `keymap` has the user's keys by the id of their command, and
    `settings_desk` reads and writes the settings, where there is a file of them.
    `engine_told` says whether other windows share the engine, and where its log is; it reads the disk.
    `memory_limit` is bytes that a process here may have, or 0. `editor` is the command line of the
    user's editor, and `folder` the one whose files can go with a prompt. `clock` is monotonic seconds.
    """

    session: str | None = None
    paradigm: str = "base"
    sampling: Sampling = field(default_factory=Sampling)
    prices: Prices = field(default_factory=Prices)
    encodings: Callable[[], Mapping[str, Callable[[str], int]]] = no_encodings
    theme: str = "textual-dark"
    version: str = ""
    first_run: str = ""
    models: Callable[[], Sequence[ModelChoice]] = no_models
    model_desk: ModelDesk = field(default_factory=NoModels)
    helps: Helps = field(default_factory=Helps)
    notes: NotesDesk | None = None
    limits: Limits = field(default_factory=Limits)
    agent_limits: Limits | None = None
    backend_for: Callable[[str], Backend] | None = None
    fit_of: Callable[[str], Fit | None] = no_fit
    engine_log: Path | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)
    settings_desk: SettingsDesk | None = None
    engine_told: Callable[[], EngineTold] = EngineTold
    memory_limit: int = 0
    editor: str = ""
    folder: Path = Path()
    clock: Callable[[], float] = time.monotonic
