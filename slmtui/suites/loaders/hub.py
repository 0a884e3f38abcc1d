"""Files of data sets on the Hugging Face hub, through its own client and cache: `hf:OWNER/NAME/FILE`."""

from dataclasses import dataclass
from pathlib import Path

import huggingface_hub
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils.tqdm import disable_progress_bars

from slmtui.suites.loaders.data_file import DataFile
from slmtui.suites.suite import SuiteError
from tools.plain_text import one_line

PREFIX = "hf:"
# The first that fits is told, since they are kinds of each other.
_WHY: tuple[tuple[type[Exception], str], ...] = (
    (
        GatedRepoError,
        "its owner asks for an agreement: agree on its page at huggingface.co; run `hf auth login`",
    ),
    (
        LocalEntryNotFoundError,
        "the hub cannot be reached, and its cache lacks the file: try again when it can be",
    ),
    (
        OfflineModeIsEnabled,
        "the hub is switched off, and its cache lacks the file: unset HF_HUB_OFFLINE",
    ),
    (
        RepositoryNotFoundError,
        "the hub has no such data set, or shows it to its owner alone (`hf auth login`)",
    ),
    (RevisionNotFoundError, "the data set has no such revision"),
    (EntryNotFoundError, "the data set has no such file: look at its page at huggingface.co"),
    (HFValidationError, "the hub cannot have a data set of this name"),
)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a data set's repository, at a revision, or its newest where that is empty."""

    repository: str
    file: str
    revision: str = ""

    def __str__(self) -> str:
        at = f"@{self.revision}" if self.revision else ""
        return f"{PREFIX}{self.repository}{at}/{self.file}"


def hub_file(reference: str) -> HubFile:
    """Return the file of `hf:OWNER/NAME/FILE`, perhaps with `@REVISION` after NAME. Raises `SuiteError`."""
    owner, _, rest = reference.removeprefix(PREFIX).partition("/")
    name, _, file = rest.partition("/")
    name, _, revision = name.partition("@")
    if not (owner and name and file):
        raise SuiteError(f"{one_line(reference, 120)} names no file: write it as hf:OWNER/NAME/FILE")
    return HubFile(f"{owner}/{name}", file, revision)


def read_hub(wanted: HubFile) -> DataFile:
    """Return a file from the hub's cache, fetched first where it is not there. Raises `SuiteError`."""
    disable_progress_bars()
    try:
        path = huggingface_hub.hf_hub_download(
            wanted.repository, wanted.file, repo_type="dataset", revision=wanted.revision or None
        )
        return DataFile(str(wanted), Path(path).read_bytes())
    except (
        EntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
        HFValidationError,
        OSError,
    ) as error:
        raise SuiteError(f"{wanted}: {_why(error)}") from error


def _why(error: Exception) -> str:
    known = (text for kind, text in _WHY if isinstance(error, kind))
    return next(known, f"the hub does not give it ({one_line(str(error), 200)})")
