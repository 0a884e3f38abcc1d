"""Ollama's store of models: manifests that name what lies in its blobs."""

import json
import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

MODEL_LAYER = "application/vnd.ollama.image.model"
DEFAULT_REGISTRY = ("registry.ollama.ai", "library")
MAX_MANIFESTS = 5000
MAX_MANIFEST_BYTES = 1 << 20

_DIGEST = re.compile(r"^sha256:([0-9a-f]{64})$")


def ollama_models(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Yield the name, blob and size in bytes of each model in Ollama's folder, without damaged ones."""
    manifests = folder / "manifests"
    for path in sorted(islice(_files(manifests), MAX_MANIFESTS)):
        blob = _model_blob(path, folder / "blobs")
        if blob is not None:
            yield _name(path.relative_to(manifests)), *blob


def _files(root: Path) -> Iterator[Path]:
    for folder, _, files in os.walk(root):
        yield from (Path(folder) / file for file in files)


def _model_blob(manifest: Path, blobs: Path) -> tuple[Path, int] | None:
    try:
        if manifest.stat().st_size > MAX_MANIFEST_BYTES:
            return None
        content = json.loads(manifest.read_text(encoding="utf-8"))
        match = _DIGEST.match(_digest(content))
        if not match:
            return None
        blob = blobs / f"sha256-{match[1]}"
        return blob, blob.stat().st_size
    except (OSError, ValueError, RecursionError):
        return None


def _digest(manifest: Any) -> str:
    """Return the digest of the layer that is the model; empty when there is none."""
    layers = manifest.get("layers") if isinstance(manifest, dict) else None
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and layer.get("mediaType") == MODEL_LAYER:
            return str(layer.get("digest", ""))
    return ""


def _name(manifest: Path) -> str:
    """Return a model's name as Ollama writes it: `llama3.2:1b`, or with its registry or owner before it."""
    *where, model, tag = manifest.parts if len(manifest.parts) > 1 else ("", *manifest.parts, "")
    parts = list(where)
    for default in DEFAULT_REGISTRY:
        if parts and parts[0] == default:
            parts.pop(0)
    return "/".join([*filter(None, parts), f"{model}:{tag}" if tag else model])
