"""Tiktoken's encodings that are on this machine already: nothing is fetched for an estimate."""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PLACE = "https://openaipublic.blob.core.windows.net/"
SHA256 = {
    "gpt-2/encodings/main/vocab.bpe": "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
    "gpt-2/encodings/main/encoder.json": "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783",
    "encodings/r50k_base.tiktoken": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "encodings/p50k_base.tiktoken": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "encodings/cl100k_base.tiktoken": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "encodings/o200k_base.tiktoken": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
"""The files that encodings are made from. Tiktoken fetches one that is missing, or that differs from this."""
FILES = {
    "gpt2": ("gpt-2/encodings/main/vocab.bpe", "gpt-2/encodings/main/encoder.json"),
    "r50k_base": ("encodings/r50k_base.tiktoken",),
    "p50k_base": ("encodings/p50k_base.tiktoken",),
    "p50k_edit": ("encodings/p50k_base.tiktoken",),
    "cl100k_base": ("encodings/cl100k_base.tiktoken",),
    "o200k_base": ("encodings/o200k_base.tiktoken",),
    "o200k_harmony": ("encodings/o200k_base.tiktoken",),
}
"""The files of each encoding, by its name."""
NAMES = tuple(FILES)

CountTokens = Callable[[str], int]


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where tiktoken keeps its files, by its own rules; None where it is told to keep none."""
    for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if name in environ:
            return Path(environ[name]) if environ[name] else None
    return Path(tempfile.gettempdir(), "data-gym-cache")


def is_here(encoding: str, environ: Mapping[str, str]) -> bool:
    """Whether an encoding is known, and all its files lie in tiktoken's cache, whole."""
    folder, files = cache_folder(environ), FILES.get(encoding, ())
    return folder is not None and bool(files) and all(_is_kept(folder, file) for file in files)


def encodings_here(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, CountTokens]:
    """Return how to count in those of the encodings that are here; takes up to a second for each."""
    return {name: _counter(name) for name in dict.fromkeys(names) if is_here(name, environ)}


class BackgroundEncodings:
    """The encodings that are here, once a thread has read them; it starts where any are asked for."""

    def __init__(self, names: Iterable[str], environ: Mapping[str, str]) -> None:
        self._names = tuple(dict.fromkeys(filter(None, names)))
        self._environ = environ
        self._here: dict[str, CountTokens] = {}
        self._thread = threading.Thread(target=self._read, name="encodings", daemon=True)
        if self._names:
            self._thread.start()

    def here(self) -> Mapping[str, CountTokens]:
        """Return the encodings that were read so far."""
        return self._here

    def wait(self, timeout: float) -> None:
        """Wait at most `timeout` seconds for all of them."""
        if self._names:
            self._thread.join(timeout)

    def _read(self) -> None:
        self._here = encodings_here(self._names, self._environ)


def _counter(name: str) -> CountTokens:
    import tiktoken  # noqa: PLC0415 - it takes its time, and few need it

    encoding = tiktoken.get_encoding(name)
    return lambda text: len(encoding.encode_ordinary(text))


def _is_kept(folder: Path, path: str) -> bool:
    key = hashlib.sha1(f"{PLACE}{path}".encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256((folder / key).read_bytes()).hexdigest() == SHA256[path]
    except OSError:
        return False
