"""What `slmtui doctor` looks at, one check each: what is there, what is missing, and what to do."""

import contextlib
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

import slmtui
from sessions.errors import SessionsError
from slmtui.assemble import (
    Surroundings,
    choose_model,
    load_command,
    open_store,
    settings_of,
    store_path,
    surroundings,
)
from slmtui.cli.check import Check
from slmtui.cli.cost_checks import energy, memory_lines, money
from slmtui.cli.engine_checks import Probe, context, engine, gpu, kv_cache, lora, probe, threads
from slmtui.cli.models import fit_text
from slmtui.cli.tool_checks import tools_check
from slmtui.engine.protocol import Load
from slmtui.host import machine_name
from slmtui.model_memory import memory_fit
from slmtui.models.describe import ModelFacts, describe, parameter_count
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.models.pretokenizers import PATTERNS
from slmtui.settings import FILE_NAME, Settings, SettingsError
from slmtui.tui.format import count, size
from tools.note_files import NotesError, checked_folder

CPUINFO = Path("/proc/cpuinfo")
FEATURES = ("sse4_2", "avx", "avx2", "f16c", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
FEATURES_ARM = ("asimd", "asimddp", "i8mm", "sve", "bf16")


def all_checks(overrides: Mapping[str, Any]) -> list[Check]:
    """Return every check, with the settings and what the flags say in `overrides`."""
    around = surroundings()
    settings, check = _settings(around, overrides)
    engine_seen = probe()
    return [
        Check("slmtui", "ok", f"{slmtui.__version__}, Python {platform.python_version()}"),
        check,
        Check("machine", "ok", machine_name()),
        _memory(),
        cpu_features(CPUINFO),
        engine(engine_seen),
        *_model(settings, around, engine_seen),
        _store(settings, around),
        _notes(settings),
        tools_check(settings),
        energy(settings),
        money(settings, around.environ),
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


def _model(settings: Settings, around: Surroundings, seen: Probe) -> list[Check]:
    """Return the checks of the model, and of what the engine would do with it."""
    try:
        model = choose_model(settings, around)
        facts = describe(model.path)
    except ModelNotFoundError as error:
        failed = Check("model", "problem", "none", str(error))
    except ModelFileError as error:
        advice = "`slmtui models list` shows the models that are here"
        failed = Check("model", "problem", str(error), advice)
    else:
        named = f"{facts.name} ({model.source}), {facts.architecture} {parameter_count(facts.parameters)}"
        check = Check("model", "ok", f"{named}, {facts.quantisation}, {model.path}")
        load = load_command(settings, facts, around)
        return [_chat(check, facts, settings), *_loading(settings, around, facts, load, seen)]
    return [failed]


def _loading(
    settings: Settings, around: Surroundings, facts: ModelFacts, load: Load, seen: Probe
) -> list[Check]:
    free = psutil.virtual_memory().available
    fit = memory_fit(facts, settings.engine)
    kinds = memory_lines(facts, fit, load.kv_type)
    smaller = "take a smaller model or quantisation, or less context ([engine] context in the settings)"
    return [
        Check("fit", "ok" if fit.fits else "note", fit_text(fit), "" if fit.fits else smaller, kinds),
        context(load, free),
        *kv_cache(load),
        gpu(load, fit.kv_cache, seen),
        threads(load, around),
        *lora(load),
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
            return Check("sessions", "ok", f"{count(store.number_of_sessions())} in {path}")
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
