"""Where the parts are put together, for the app and for `slmtui ask` alike."""

import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

import slmtui
from agents.events import EngineFacts
from sessions.store import Store
from slmtui.engine.protocol import Load, Loaded, Threads
from slmtui.host import machine_name, owner_is_alive, this_owner
from slmtui.local_backend import LocalBackend, utc_now
from slmtui.meters.choose import EnergyChoice, choose_energy_meter
from slmtui.meters.meter import Meter
from slmtui.models.describe import ModelFacts, describe
from slmtui.models.errors import ModelFileError
from slmtui.models.file_hash import file_hash
from slmtui.models.find import FoundModel, default_model, find_models, looks_like_path, resolve
from slmtui.models.places import embedded_folder, usual_places
from slmtui.settings import Settings, load_settings
from slmtui.tokens import BackgroundTokenCounter, TokenCounter
from tools.notes_index import NotesIndex
from tools.registry import Toolbox
from tools.toolbox import standard_tools

APP = "slmtui"
POWERCAP = Path("/sys/class/powercap")
KEPT_LOGS = 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a process finds around it: environment, home, and its own folders."""

    environ: Mapping[str, str]
    home: Path
    config: Path
    data: Path
    cache: Path
    logs: Path


def surroundings() -> Surroundings:
    """Return this process's."""
    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    return Surroundings(
        os.environ,
        Path.home(),
        dirs.user_config_path,
        dirs.user_data_path,
        dirs.user_cache_path,
        dirs.user_log_path,
    )


def settings_of(around: Surroundings, overrides: Mapping[str, Any]) -> Settings:
    """Return the settings, with what the flags say in `overrides`. Raises `SettingsError`."""
    return load_settings(environ=around.environ, config_dir=around.config, overrides=overrides)


def store_path(settings: Settings, around: Surroundings) -> Path:
    """Return where the sessions are kept."""
    return settings.db or around.data / "sessions.db"


def open_store(settings: Settings, around: Surroundings) -> Store:
    """Open the store, making its usual folder first. Raises `SessionsError`."""
    if settings.db is None:
        with contextlib.suppress(OSError):  # opening the file says what is wrong, and how to mend it
            around.data.mkdir(parents=True, exist_ok=True)
    path = store_path(settings, around)
    return Store.open(path, owner=this_owner(), alive=owner_is_alive, now=utc_now)


def models_here(around: Surroundings) -> list[FoundModel]:
    """Return the models on this machine."""
    return find_models(embedded_folder(), usual_places(around.environ, around.home, sys.platform))


def choose_model(settings: Settings, around: Surroundings) -> FoundModel:
    """Return the model to use. Raises `ModelNotFoundError`."""
    if settings.model is None:
        return default_model(find_models(embedded_folder(), ()) or models_here(around))
    # A path needs no search, which may take a while on a full disk.
    return resolve(settings.model, [] if looks_like_path(settings.model) else models_here(around))


def choose_meter(settings: Settings) -> EnergyChoice:
    """Return the energy meter of this machine, and what would give a better one."""
    energy = settings.energy
    return choose_energy_meter(POWERCAP, energy.idle_watts, energy.full_watts, os.cpu_count() or 1)


def make_toolbox(settings: Settings) -> Toolbox:
    """Return the tools, with the notes indexed. Raises `NotesError`."""
    notes = None
    if settings.notes is not None:
        notes = NotesIndex()
        notes.build(settings.notes)
    return Toolbox(standard_tools(now=datetime.now, notes=notes))


def make_backend(settings: Settings, around: Surroundings) -> LocalBackend:
    """Return the backend for the chosen model, not started yet.

    Raises `ModelNotFoundError`, `ModelFileError` and `NotesError`.
    """
    model = choose_model(settings, around)
    facts = describe(model.path)
    return LocalBackend(
        load_command(settings, facts),
        _log_file(around.logs),
        facts_of=lambda loaded: _engine_facts(facts, loaded, around.cache),
        toolbox=make_toolbox(settings),
        limits=settings.limits_of_turn(),
        meter=Meter(choose_meter(settings).meter),
        count_tokens=BackgroundTokenCounter(lambda: TokenCounter.of_file(model.path)).count,
    )


def load_command(settings: Settings, facts: ModelFacts) -> Load:
    """Return what the engine is told to load."""
    engine = settings.engine
    return Load(
        path=str(facts.path),
        context=engine.context,
        threads=Threads(engine.threads, engine.threads),
        batch=engine.batch,
        gpu_layers=engine.gpu_layers,
        template=str(engine.chat_template or ""),
    )


def _engine_facts(facts: ModelFacts, loaded: Loaded, cache: Path) -> EngineFacts:
    return EngineFacts(
        model=facts.name,
        model_hash=_hash(facts.path, cache),
        quantisation=facts.quantisation,
        architecture=facts.architecture,
        parameters=facts.parameters,
        n_ctx=loaded.context,
        n_threads=loaded.threads.decode,
        gpu_layers=loaded.gpu_layers,
        llama_cpp=loaded.llama_cpp,
        machine=machine_name(),
        slmtui=slmtui.__version__,
        n_threads_batch=loaded.threads.batch,
        kv_type=loaded.kv_type,
        flash_attention=loaded.flash_attention,
    )


def _hash(path: Path, cache: Path) -> str:
    """Return the hash of the model file; nothing when the file has gone since it was loaded."""
    try:
        return file_hash(path, cache)
    except ModelFileError:
        return ""


def _log_file(folder: Path) -> Path:
    """Return the engine's log of this process, and remove the oldest of those before it."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        old = sorted(folder.glob("engine-*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[KEPT_LOGS:]:
            path.unlink(missing_ok=True)
    return folder / f"engine-{os.getpid()}.log"
