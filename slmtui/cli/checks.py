"""What `slmtui doctor` looks at, one check each: what is there, what is missing, and what to do."""

import contextlib
import importlib.metadata
import importlib.util
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

import slmtui
from sessions.errors import SessionsError
from slmtui.assemble import (
    Surroundings,
    choose_meter,
    choose_model,
    open_store,
    settings_of,
    store_path,
    surroundings,
)
from slmtui.cli.models import fit_text, memory_fit, parameter_count
from slmtui.engine.defaults import allowed_cores, default_threads
from slmtui.host import machine_name
from slmtui.models.describe import ModelFacts, describe
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.models.pretokenizers import PATTERNS
from slmtui.settings import FILE_NAME, Settings, SettingsError
from slmtui.tui.format import count, size
from tools.note_files import NotesError, checked_folder

State = Literal["ok", "note", "problem"]

CPUINFO = Path("/proc/cpuinfo")
FEATURES = ("sse4_2", "avx", "avx2", "f16c", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
FEATURES_ARM = ("asimd", "asimddp", "i8mm", "sve", "bf16")
LOAD_TIMEOUT_S = 60.0
BUILD_ADVICE = "build it with `uv sync` (minutes; needs a C++ compiler), or install a prebuilt wheel of it"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. A `note` is worth knowing, a `problem` keeps something from working."""

    name: str
    state: State
    value: str
    advice: str = ""


def all_checks(overrides: Mapping[str, Any]) -> list[Check]:
    """Return every check, with the settings and what the flags say in `overrides`."""
    around = surroundings()
    settings, check = _settings(around, overrides)
    return [
        Check("slmtui", "ok", f"{slmtui.__version__}, Python {platform.python_version()}"),
        check,
        Check("machine", "ok", machine_name()),
        _memory(),
        cpu_features(CPUINFO),
        engine(),
        _threads(settings),
        *_model(settings, around),
        _store(settings, around),
        _notes(settings),
        _energy(settings),
        Check("folders", "ok", f"cache {around.cache}, logs {around.logs}"),
    ]


def _settings(around: Surroundings, overrides: Mapping[str, Any]) -> tuple[Settings, Check]:
    file = around.config / FILE_NAME
    try:
        settings = settings_of(around, overrides)
    except SettingsError as error:
        return Settings(), Check("settings", "problem", str(error), "the checks below take the defaults")
    return settings, Check(
        "settings", "ok", str(file) if file.exists() else f"defaults; {file} does not exist"
    )


def _memory() -> Check:
    memory = psutil.virtual_memory()
    return Check("memory", "ok", f"{size(memory.available)} free of {size(memory.total)}")


def cpu_features(cpuinfo: Path) -> Check:
    """Return the instructions of the processor that llama.cpp makes use of."""
    present: set[str] = set()
    with contextlib.suppress(OSError):
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip().lower() in {"flags", "features"}:
                present.update(value.split())
    found = [feature for feature in (*FEATURES, *FEATURES_ARM) if feature in present]
    if not present:
        return Check("processor", "note", f"{platform.machine()}; this system does not list its instructions")
    slow = not {"avx2", "asimd"} & present
    advice = "without AVX2 decoding is slow, and prebuilt wheels do not run: build llama-cpp-python here"
    return Check("processor", "note" if slow else "ok", ", ".join(found) or "none", advice if slow else "")


def engine(find: Callable[[str], Any] = importlib.util.find_spec, python: str = sys.executable) -> Check:
    """Look whether llama.cpp is installed, and whether another process can load it."""
    spec = find("llama_cpp")
    if spec is None:
        return Check("engine", "problem", "llama-cpp-python is not installed", BUILD_ADVICE)
    name = "llama-cpp-python"
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        name = f"{name} {importlib.metadata.version(name)}"
    failure = _load_failure(python)
    if failure:
        return Check("engine", "problem", f"{name} does not load: {failure}", BUILD_ADVICE)
    return Check("engine", "ok", name)


def _load_failure(python: str) -> str:
    """Return why llama.cpp's library cannot be loaded, or nothing: tried in a process that may crash."""
    try:
        run = subprocess.run(
            [python, "-P", "-c", "import llama_cpp"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOAD_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if run.returncode < 0:
        return f"its process ended with {signal.Signals(-run.returncode).name}"
    if run.returncode:
        return next(reversed(run.stderr.decode("utf-8", "replace").strip().splitlines()), "no reason given")
    return ""


def _threads(settings: Settings) -> Check:
    logical = allowed_cores()
    if settings.engine.threads:
        value = f"{settings.engine.threads}, by the settings"
    else:
        value = f"{default_threads()}: one for each physical core that this process may use"
    many = settings.engine.threads > logical
    advice = f"there are only {logical} logical cores for this process; more threads slow decoding down"
    return Check("threads", "note" if many else "ok", f"{value} ({logical} logical)", advice if many else "")


def _model(settings: Settings, around: Surroundings) -> list[Check]:
    try:
        model = choose_model(settings, around)
        facts = describe(model.path)
    except ModelNotFoundError as error:
        return [Check("model", "problem", "none", str(error))]
    except ModelFileError as error:
        return [Check("model", "problem", str(error), "`slmtui models list` shows the models that are here")]
    named = f"{facts.name} ({model.source}), {facts.architecture} {parameter_count(facts.parameters)}"
    fit = memory_fit(facts, settings.engine.context)
    smaller = "take a smaller model or quantisation, or less context ([engine] context in the settings)"
    return [
        _chat(Check("model", "ok", f"{named}, {facts.quantisation}, {model.path}"), facts, settings),
        Check("fit", "ok" if fit.fits else "note", fit_text(fit), "" if fit.fits else smaller),
        _token_counts(facts),
    ]


def _chat(check: Check, facts: ModelFacts, settings: Settings) -> Check:
    """Return the check of a model, or the problem that it has no chat template."""
    if facts.chat_template or settings.engine.chat_template:
        return check
    advice = "choose an instruct model, or name a Jinja file as engine.chat_template in the settings"
    return Check("model", "problem", f"{check.value}: it has no chat template", advice)


def _token_counts(facts: ModelFacts) -> Check:
    if facts.tokenizer == "gpt2" and (facts.pre_tokenizer or "default") in PATTERNS:
        return Check("token counts", "ok", f"as llama.cpp counts ({facts.pre_tokenizer or 'default'})")
    kind = f"{facts.tokenizer}, {facts.pre_tokenizer or 'default'}"
    return Check("token counts", "note", f"estimates while typing, marked ~ (tokenizer {kind})")


def _store(settings: Settings, around: Surroundings) -> Check:
    path = store_path(settings, around)
    try:
        if not path.exists():
            return _new_store(path, is_usual=settings.db is None)
        with open_store(settings, around) as store:
            return Check("sessions", "ok", f"{count(len(store.sessions()))} in {path}")
    except SessionsError as error:
        return Check("sessions", "problem", str(error))
    except OSError as error:
        return Check(
            "sessions", "problem", f"{path}: {error.strerror or error}", "name another file with --db"
        )


def _new_store(path: Path, *, is_usual: bool) -> Check:
    """Return the check of a store that is still to be made; the usual folder is made with it."""
    if is_usual or path.parent.is_dir():
        return Check("sessions", "ok", f"none yet; {path} will keep them")
    advice = "create it, or name another file with --db"
    return Check("sessions", "problem", f"there is no folder {path.parent}", advice)


def _notes(settings: Settings) -> Check:
    if settings.notes is None:
        return Check("notes", "ok", "no folder, so agents cannot search notes; --notes names one")
    try:
        return Check("notes", "ok", str(checked_folder(settings.notes)))
    except NotesError as error:
        return Check("notes", "problem", str(error))


def _energy(settings: Settings) -> Check:
    choice = choose_meter(settings)
    state: State = "ok" if choice.meter.source == "measured" else "note"
    return Check("energy", state, f"{choice.meter.source}: {choice.meter.scope}", choice.advice)
