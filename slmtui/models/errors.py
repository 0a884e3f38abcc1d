"""What can be wrong with a model file."""

from pathlib import Path


class ModelFileError(Exception):
    """A model file cannot be used; the text names the file and says why, on one line, for the user."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{shown(path)} {reason}")


class ModelNotFoundError(Exception):
    """No model answers to a name, several do, or there is none at all; the text says what to do."""


def shown(path: Path | str) -> str:
    """Return a path for a message; names of files may hold anything, line feeds and escapes too."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


class PullError(Exception):
    """A model cannot be pulled from the hub; the text says why and what to do, on one line, for the user."""


class UnknownPullError(PullError):
    """The hub has no such model or file, or it cannot be told which one is meant."""


class CutOffError(PullError):
    """The connection to the hub was cut; what came so far is kept, and the same pull goes on from there."""


class PullStoppedError(PullError):
    """The user stopped a pull; what came so far is kept."""
