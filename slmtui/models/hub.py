"""The Hugging Face hub, through its own client: what a repository holds, and the bytes of a file in it."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from huggingface_hub import (
    HfApi,
    constants,
    get_hf_file_metadata,
    get_session,
    hf_hub_url,
    hf_raise_for_status,
)
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import ModelInfo
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # not in its __all__

from slmtui.models.errors import CutOffError, PullError, UnknownPullError
from slmtui.models.hub_names import HubFile

TIMEOUT_S = 10.0
"""Seconds without a byte after which a connection counts as cut off."""

_CUT = cast("type[Exception]", HfHubHTTPError.__mro__[1])
"""What is raised when a connection fails: the class of the HTTP library that the client happens to use."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_RANGE = re.compile(r"bytes (\d+)-")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as it is now: at which commit, under which licence, and with which files.

    `gated` is whether its owner asks for an agreement first.
    """

    name: str
    commit: str
    licence: str
    gated: bool
    files: tuple[HubFile, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a file from `start` on, in pieces. `start` is 0 where the server does not go on."""

    start: int
    pieces: Iterator[bytes]


class Hub:
    """Asks the hub at `endpoint`, by default the one that HF_ENDPOINT names, else huggingface.co.

    Every method may raise a `PullError`. The token is that of `hf auth login` or HF_TOKEN.
    """

    def __init__(self, endpoint: str | None = None) -> None:
        self._endpoint = (endpoint or constants.ENDPOINT).rstrip("/")

    def repository(self, name: str) -> Repository:
        """Return what the hub says of a repository."""
        with self._plain_errors(name):
            info = HfApi(endpoint=self._endpoint).model_info(name, files_metadata=True, timeout=TIMEOUT_S)
        if not _COMMIT.fullmatch(info.sha or ""):
            raise PullError(f"{self._endpoint} does not say which commit of {name} it has")
        return Repository(name, info.sha or "", _licence(info), bool(info.gated), _files(info))

    def checked(self, repository: Repository, file: HubFile) -> HubFile:
        """Return a file with its size and SHA-256, and make sure that it may be fetched at all."""
        with self._plain_errors(repository.name):
            said = get_hf_file_metadata(self._url(repository, file), timeout=TIMEOUT_S)
        etag = said.etag or ""
        sha256 = file.sha256 or etag
        if not _SHA256.fullmatch(sha256) or (_SHA256.fullmatch(etag) and etag != sha256):
            raise PullError(
                f"the hub gives no single SHA-256 for {file.name}, so it could not be checked; pull another"
            )
        size = file.size if file.size is not None else said.size
        if not size or (said.size is not None and said.size != size):
            raise PullError(f"the hub does not say how large {file.name} is; pull another")
        return HubFile(file.name, size, sha256)

    @contextmanager
    def read(self, repository: Repository, file: HubFile, start: int) -> Generator[Body, None, None]:
        """Open a file from byte `start` on. A connection that is cut raises `CutOffError`, here or later."""
        # The HTTP library drops the token where the hub redirects to another host.
        headers = build_hf_headers() | {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with (
            self._plain_errors(repository.name),
            get_session().stream(
                "GET", self._url(repository, file), headers=headers, timeout=TIMEOUT_S
            ) as response,
        ):
            hf_raise_for_status(response)
            begins = _RANGE.match(response.headers.get("Content-Range", ""))
            goes_on = response.status_code == 206 and begins is not None and int(begins[1]) == start
            if response.status_code == 206 and not goes_on:
                raise PullError("the hub sent another part of the file than it was asked for; try again")
            # As they came: a server that compresses them all the same could fill the memory with a few.
            yield Body(start if goes_on else 0, response.iter_raw())

    def _url(self, repository: Repository, file: HubFile) -> str:
        return hf_hub_url(repository.name, file.name, revision=repository.commit, endpoint=self._endpoint)

    @contextmanager
    def _plain_errors(self, name: str) -> Generator[None, None, None]:
        """Say in plain words what the client raises; what the caller raises within passes."""
        try:
            yield
        except GatedRepoError as error:
            page = f"{self._endpoint}/{name}"
            raise PullError(
                f"{name} asks for an agreement: agree at {page}, then run `hf auth login`"
            ) from error
        except (RepositoryNotFoundError, DisabledRepoError) as error:
            raise UnknownPullError(
                f"the hub has no repository {name}, or shows it to its owner alone (`hf auth login`)"
            ) from error
        except (RevisionNotFoundError, EntryNotFoundError) as error:
            raise UnknownPullError(f"{name} no longer has this file: pull it anew") from error
        except HFValidationError as error:
            raise UnknownPullError(f"the hub cannot have a repository of the name {name}") from error
        except OfflineModeIsEnabled as error:
            raise PullError("the hub is switched off: unset HF_HUB_OFFLINE to pull models") from error
        except HfHubHTTPError as error:
            raise _refused(error, self._endpoint) from error
        except _CUT as error:
            raise CutOffError(
                f"{self._endpoint} cannot be reached ({type(error).__name__}): try again when it can be"
            ) from error


def _refused(error: HfHubHTTPError, endpoint: str) -> PullError:
    status = error.response.status_code
    if status in {401, 403}:
        return PullError(f"the hub does not let you have it ({status}): log in with `hf auth login`")
    if status == 429 or status >= 500:
        return CutOffError(f"{endpoint} is overburdened ({status}): try again in a while")
    return PullError(f"{endpoint} refuses the request ({status})")


def _licence(info: ModelInfo) -> str:
    """Return the licence that the repository's card names; empty where it names none."""
    card = info.card_data
    named = getattr(card, "license_name", None) or getattr(card, "license", None)
    if isinstance(named, list):
        return ", ".join(map(str, named))
    tags = (tag.removeprefix("license:") for tag in info.tags or () if tag.startswith("license:"))
    return str(named) if named else next(tags, "")


def _files(info: ModelInfo) -> tuple[HubFile, ...]:
    return tuple(
        HubFile(each.rfilename, each.lfs.size if each.lfs else each.size, each.lfs.sha256 if each.lfs else "")
        for each in info.siblings or ()
    )
