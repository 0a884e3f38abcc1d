"""Where the parts are put together, for the app and for `slmtui ask` alike."""

import contextlib
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

import slmtui
from agents.events import EngineFacts
from agents.formats.detect import detect
from agents.formats.format import GENERIC, CallFormat
from agents.formats.template import Template, TemplateRefusedError
from sessions.store import Store
from slmtui.crew import Role
from slmtui.engine.endpoint import Endpoint
from slmtui.engine.protocol import Load, Loaded, Lora, Shape, Threads, read_template
from slmtui.host import machine_name, owner_is_alive, this_owner
from slmtui.local_backend import LocalBackend, Prepared, utc_now
from slmtui.meters.choose import EnergyChoice, Machine, choose_energy_meter
from slmtui.meters.idle import Idle
from slmtui.meters.meter import Meter
from slmtui.models.describe import ModelFacts, describe
from slmtui.models.errors import ModelFileError
from slmtui.models.file_hash import file_hash
from slmtui.models.find import (
    FoundModel,
    default_model,
    each_model,
    find_models,
    looks_like_path,
    resolve,
)
from slmtui.models.places import embedded_folder, usual_places
from slmtui.saved_states import SavedStates
from slmtui.settings import EngineTable, Settings, load_settings
from slmtui.thread_cache import CACHE_FILE, ThreadCache, is_busy, thread_key
from slmtui.tokens import BackgroundTokenCounter, TokenCounter
from slmtui.toolboxes import begin_gathering
from tools.notes_index import NotesIndex

APP = "slmtui"
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
    runtime: Path


def surroundings() -> Surroundings:
    """Return this process's."""
    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    with warnings.catch_warnings(action="ignore"):  # it takes another folder where the usual one is open
        runtime = dirs.user_runtime_path
    return Surroundings(
        os.environ,
        Path.home(),
        dirs.user_config_path,
        dirs.user_data_path,
        dirs.user_cache_path,
        dirs.user_log_path,
        runtime,
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
    states = saved_states(settings, around)
    return Store.open(path, owner=this_owner(), alive=owner_is_alive, now=utc_now, gone=states.forget)


def saved_states(settings: Settings, around: Surroundings) -> SavedStates:
    """Return where the KV caches of sessions are kept."""
    return SavedStates(around.cache / "states", settings.engine.saved_states_mb)


def models_here(around: Surroundings) -> list[FoundModel]:
    """Return the models on this machine."""
    return list(each_model_here(around))


def each_model_here(around: Surroundings) -> Iterator[FoundModel]:
    """Yield the models on this machine as they are found."""
    return each_model(embedded_folder(), usual_places(around.environ, around.home, sys.platform))


def choose_model(settings: Settings, around: Surroundings) -> FoundModel:
    """Return the model to use. Raises `ModelNotFoundError`."""
    if settings.model is None:
        return default_model(find_models(embedded_folder(), ()) or models_here(around))
    # A path needs no search, which may take a while on a full disk.
    return resolve(settings.model, [] if looks_like_path(settings.model) else models_here(around))


def choose_meter(settings: Settings) -> EnergyChoice:
    """Return the energy meter of this machine, and what would give a better one."""
    energy = settings.energy
    return choose_energy_meter(
        Machine(),
        energy.idle_watts,
        energy.full_watts,
        os.cpu_count() or 1,
        uses_gpu=settings.engine.gpu_layers != 0,
    )


def make_backend(
    settings: Settings,
    around: Surroundings,
    *,
    now: Callable[[], datetime] = datetime.now,
    index: NotesIndex | None = None,
) -> LocalBackend:
    """Return the backend for the chosen model, not started yet; tools tell the time by `now`.

    The user's notes go into `index`, where the caller wants to look into them too.

    Raises `ModelNotFoundError`, `ModelFileError` and `NotesError`.
    """
    energy = choose_meter(settings).meter
    idle = Idle(energy, time.monotonic)
    engine = settings.engine
    return LocalBackend(
        prepare(settings, around),
        _log_file(around.logs),
        load_for=lambda name: prepare(_with_model(settings, name, around.home), around),
        gather=begin_gathering(settings, now=now, index=index),
        limits=settings.limits_of_turn(),
        agent_limits=settings.agents.limits.limits() if settings.agents.limits else None,
        helps=settings.agents.help.helps(),
        roles=_roles(settings, around),
        make_meter=lambda: Meter(energy, idle),
        states=saved_states(settings, around),
        endpoint=Endpoint(around.runtime / "engines") if engine.share else None,
    )


def _roles(settings: Settings, around: Surroundings) -> dict[Role, Prepared]:
    """Return the models of the roles that have their own. Raises as `prepare` does."""
    names: dict[Role, str | None] = {
        "supervisor": settings.agents.supervisor_model,
        "specialist": settings.agents.specialist_model,
    }
    return {
        role: prepare(_with_model(settings, name, around.home), around)
        for role, name in names.items()
        if name is not None
    }


def prepare(settings: Settings, around: Surroundings) -> Prepared:
    """Return the chosen model, ready to be loaded. Raises `ModelNotFoundError` and `ModelFileError`."""
    model = choose_model(settings, around)
    facts = describe(model.path)
    load = load_command(settings, facts, around)

    def facts_of(loaded: Loaded) -> EngineFacts:
        remember_threads(loaded, load, around)
        return _engine_facts(facts, load, loaded, around.cache)

    counter = BackgroundTokenCounter(lambda: TokenCounter.of_file(model.path))
    return Prepared(load, facts_of, counter.count, call_format(settings, facts), facts.name)


def call_format(settings: Settings, facts: ModelFacts) -> CallFormat:
    """Return how a model writes calls, by its chat template or the one of the settings.

    A template that cannot be read is reported when the model is loaded; until then it knows no tools.
    """
    source = facts.chat_template or ""
    if settings.engine.chat_template is not None:
        try:
            source = read_template(str(settings.engine.chat_template))
        except (OSError, UnicodeDecodeError):
            return GENERIC
    try:
        return detect(Template(source, today=datetime.now))
    except TemplateRefusedError:
        return GENERIC


def _with_model(settings: Settings, name: str, home: Path) -> Settings:
    """Return the settings with another model, named or by path; `~` is the user's own folder."""
    head, *rest = Path(name).parts or ("",)
    return settings.model_copy(update={"model": str(Path(home, *rest)) if head == "~" else name})


def load_command(settings: Settings, facts: ModelFacts, around: Surroundings) -> Load:
    """Return what the engine is told to load, with the threads that were measured for it before."""
    engine = settings.engine
    # The paths are absolute: an engine that is shared was started in another folder.
    load = Load(
        path=str(facts.path.absolute()),
        context=engine.context,
        batch=engine.batch,
        cache_mb=engine.cache_mb,
        gpu_layers=engine.gpu_layers,
        template=str(engine.chat_template.absolute()) if engine.chat_template else "",
        flash_attention=engine.flash_attention,
        kv_type=engine.kv_cache,
        lora=tuple(Lora(str(each.path.absolute()), each.scale) for each in engine.lora),
        shape=shape_of(facts),
    )
    return msgspec.structs.replace(load, threads=_threads(engine, load, around))


def shape_of(facts: ModelFacts) -> Shape:
    """Return what the engine needs to know of a model before loading it."""
    return Shape(
        layers=facts.layers or 0,
        kv_bytes=facts.kv_bytes_per_token or 0,
        weights=facts.size,
        trained_context=facts.context_length or 0,
    )


def thread_cache(around: Surroundings) -> ThreadCache:
    """Return the threads that were measured on this machine."""
    return ThreadCache(around.cache / CACHE_FILE, datetime.now)


def remember_threads(loaded: Loaded, load: Load, around: Surroundings) -> None:
    """Keep the threads that were measured for a load, unless other work may have spoilt the measurement."""
    if loaded.speeds and not is_busy():
        thread_cache(around).remember(thread_key(load), loaded.speeds, loaded.threads)


def _threads(engine: EngineTable, load: Load, around: Surroundings) -> Threads:
    """Return the threads of the settings, else those measured before, else none: the engine measures."""
    if engine.threads:
        return Threads(engine.threads, engine.threads, "by the settings")
    return thread_cache(around).find(thread_key(load)) or Threads()


def _engine_facts(facts: ModelFacts, load: Load, loaded: Loaded, cache: Path) -> EngineFacts:
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
        lora=", ".join(f"{Path(each.path).name} × {each.scale:g}" for each in load.lora),
    )


def _hash(path: Path, cache: Path) -> str:
    """Return the hash of the model file; nothing when the file has gone since it was loaded."""
    try:
        return file_hash(path, cache)
    except ModelFileError:
        return ""


def engine_log(logs: Path) -> Path:
    """Return the file that an engine which this process starts writes its log to, in the folder of logs."""
    return logs / f"engine-{os.getpid()}.log"


def _log_file(folder: Path) -> Path:
    """Return the engine's log of this process, and remove the oldest of those before it."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        old = sorted(folder.glob("engine-*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[KEPT_LOGS:]:
            path.unlink(missing_ok=True)
    return engine_log(folder)
