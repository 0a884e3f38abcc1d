"""Which file of the hub a person means by `owner/name:QUANT`, and which names a file there may have."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from slmtui.models.errors import UnknownPullError, shown
from slmtui.models.find import is_model_name, is_split_part

PREFERRED = ("Q4_K_M", "Q4_K_S", "Q4_0", "Q5_K_M", "Q8_0", "Q6_K")
"""Where no quantisation is named: the first of these that there is. Q4_K_M is what llama.cpp takes too."""
MOST_NAMED = 12

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_QUANT = re.compile(
    r"(?<![A-Za-z0-9])(?:I?Q\d+_[A-Z0-9_]+|I?Q\d+|BF16|F16|F32|FP16|TQ\d_0|MXFP4\w*)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SAFE = re.compile(r"[\w.+() -]+(?:/[\w.+() -]+)*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks the hub for: a repository `owner/name`, and a quantisation or none."""

    repository: str
    quant: str = ""


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file in a repository: its path there, its size in bytes and its SHA-256, as far as the hub says."""

    name: str
    size: int | None = None
    sha256: str = ""


def wanted(reference: str) -> Wanted:
    """Return what `owner/name[:QUANT]` asks for. Raises `UnknownPullError`."""
    repository, _, quant = reference.strip().partition(":")
    if not _REPOSITORY.fullmatch(repository) or len(repository) > 200 or ".." in repository:
        raise UnknownPullError(
            f"{shown(reference)} is neither a short name of `slmtui models list --known` "
            "nor OWNER/NAME[:QUANT] on the hub"
        )
    return Wanted(repository, quant)


def choose_file(repository: str, files: Iterable[HubFile], quant: str = "", name: str = "") -> HubFile:
    """Return the model file that is meant: the one called `name`, of a quantisation, or the usual one.

    Raises `UnknownPullError` where there is none, or no saying which.
    """
    every = [file for file in files if file.name.lower().endswith(".gguf")]
    models = [file for file in every if is_model_name(PurePosixPath(file.name).name)]
    if name:
        return _called(repository, every, name)
    if not models:
        raise UnknownPullError(_nothing(repository, every))
    fitting = [file for file in models if not quant or quant_of(file.name) == quant.upper()]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise UnknownPullError(f"{repository} has no {shown(quant)}; it has {_choices(models)}")
    for usual in () if quant else PREFERRED:
        usual_ones = [file for file in fitting if quant_of(file.name) == usual]
        if len(usual_ones) == 1:
            return usual_ones[0]
    raise UnknownPullError(
        f"{repository} has several files that fit: {_names(fitting)}. Name one with --file, or a "
        "quantisation after a colon."
    )


def quant_of(name: str) -> str:
    """Return the quantisation that a file's name tells, in capitals; empty where it tells none."""
    found = _QUANT.findall(PurePosixPath(name).stem.replace(".", "-"))
    return found[-1].upper() if found else ""


def is_safe_name(name: str) -> bool:
    """Whether a file of this name stays in the folder that it is put in, on any system."""
    parts = name.split("/")
    return bool(_SAFE.fullmatch(name)) and all(part.strip(". ") == part.strip() != "" for part in parts)


def _called(repository: str, files: list[HubFile], name: str) -> HubFile:
    for file in files:
        if name in {file.name, PurePosixPath(file.name).name}:
            if is_split_part(file.name):
                raise UnknownPullError(_nothing(repository, [file]))
            return file
    raise UnknownPullError(
        f"{repository} has no file {shown(name)}; it has {_names(files) or 'no GGUF file'}"
    )


def _nothing(repository: str, files: list[HubFile]) -> str:
    if any(is_split_part(file.name) for file in files):
        return f"{repository} has it in several parts, which slmtui cannot load; choose another quantisation"
    return f"{repository} has no GGUF file to chat with; look for a repository whose name ends in -GGUF"


def _choices(files: list[HubFile]) -> str:
    quants = dict.fromkeys(quant_of(file.name) for file in files)
    known = [quant for quant in quants if quant]
    return ", ".join(known) if known else _names(files)


def _names(files: list[HubFile]) -> str:
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return ", ".join(shown(file.name) for file in files[:MOST_NAMED]) + more
