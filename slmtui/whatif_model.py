"""Finding the model that a stored turn ran on, so that it can run again on the same."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sessions.records import TurnRecord
from slmtui.assemble import Surroundings, choose_model, models_here
from slmtui.models.describe import describe
from slmtui.models.errors import ModelFileError, ModelNotFoundError, shown
from slmtui.models.file_hash import file_hash
from slmtui.settings import Settings


def model_of(turn: TurnRecord, settings: Settings, around: Surroundings) -> Path:
    """Return the file of a stored turn's model: the one of the settings, or another on this machine.

    It is known by its name, its quantisation and the hash of its file. Raises `ModelNotFoundError`.
    """
    for path in _candidates(settings, around):
        with contextlib.suppress(ModelFileError):
            if _is_model_of(turn, path, around.cache):
                return path
    raise ModelNotFoundError(
        f"The model of turn {turn.turn}, {shown(turn.model)} ({turn.quantisation}), is not on this machine,"
        " or its file has changed. Name one with --model."
    )


def _candidates(settings: Settings, around: Surroundings) -> Iterator[Path]:
    with contextlib.suppress(ModelNotFoundError):
        yield choose_model(settings, around).path
    yield from (model.path for model in models_here(around))


def _is_model_of(turn: TurnRecord, path: Path, cache: Path) -> bool:
    facts = describe(path)
    if (facts.name, facts.quantisation) != (turn.model, turn.quantisation):
        return False
    return not turn.model_hash or file_hash(path, cache) == turn.model_hash
