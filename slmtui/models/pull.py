"""Pulling a model from the hub: what it would be, whether there is room for it, and getting it."""

import errno
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slmtui.models.download import Download, Progress, PullProgress, stop_if
from slmtui.models.errors import PullError, UnknownPullError, shown
from slmtui.models.hub import Hub, Repository
from slmtui.models.hub_cache import Landing, cache_landing, folder_landing, link, locked, settle
from slmtui.models.hub_names import HubFile, choose_file, is_safe_name
from slmtui.models.known import wanted_of

SPARE_BYTES = 256 * 2**20
"""A pull leaves so much of the disk free, for whatever else needs some."""
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be pulled, and to where. `there` are bytes of an earlier try, `free` those of the disk.

    `here` is whether the file seems to be here already.
    """

    repository: Repository
    file: HubFile
    landing: Landing
    there: int
    free: int
    here: bool


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


class Puller:
    """Pulls models into the hub's `cache` or another folder. `free` says what is free on a folder's disk.

    Every method may raise a `PullError`, whose text is for the user.
    """

    def __init__(self, hub: Hub, cache: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self._hub, self._cache, self._free = hub, cache, free

    def offer(self, reference: str, file: str = "", folder: Path | None = None) -> Offer:
        """Ask the hub what `reference` is: a short name, or `owner/name`, either with `:QUANT` behind it."""
        wanted = wanted_of(reference)
        repository = self._hub.repository(wanted.repository)
        chosen = choose_file(repository.name, repository.files, wanted.quant, file)
        if not is_safe_name(chosen.name):
            raise UnknownPullError(f"{shown(chosen.name)} in {repository.name} is no name for a file here")
        chosen = self._hub.checked(repository, chosen)
        landing = self._landing(repository, chosen, folder)
        here = _size(landing.blob) == chosen.size
        try:
            free = self._free(landing.part.parent)
        except OSError as error:
            raise _wrong(error, landing) from error
        return Offer(repository, chosen, landing, _size(landing.part) or 0, free, here)

    def pull(self, offer: Offer, progress: Progress, is_stopped: Callable[[], bool]) -> Path:
        """Fetch what is offered, and return where it is. `is_stopped` is asked all the time."""
        landing = offer.landing

        def waiting() -> None:
            progress(PullProgress("waiting", 0, offer.file.size or 0))
            stop_if(is_stopped())

        try:
            landing.part.parent.mkdir(parents=True, exist_ok=True)
            with locked(landing, waiting):
                if not self._is_here(offer, progress, is_stopped):
                    self._fetch(offer, progress, is_stopped)
                    settle(landing, offer.repository.commit)
        except OSError as error:
            raise _wrong(error, landing) from error
        return landing.path

    def _fetch(self, offer: Offer, progress: Progress, is_stopped: Callable[[], bool]) -> None:
        free = self._free(offer.landing.part.parent)
        needed = (offer.file.size or 0) - (_size(offer.landing.part) or 0)
        if free < needed + SPARE_BYTES:
            raise PullError(
                f"there is no room for {offer.file.name}: it needs {needed / 1e9:.1f} GB and some to spare; "
                f"{free / 1e9:.1f} GB are free in {shown(offer.landing.part.parent)}. Give another as --to"
            )
        Download(
            offer.file,
            offer.landing.part,
            lambda start: self._hub.read(offer.repository, offer.file, start),
            progress,
            is_stopped,
        ).fetch()

    def _is_here(self, offer: Offer, progress: Progress, is_stopped: Callable[[], bool]) -> bool:
        """Whether the very file is here; another one in its place in a folder of the user's stays there."""
        landing = offer.landing
        if not landing.blob.is_file():
            return False
        if (
            _size(landing.blob) == offer.file.size
            and _sha256(offer, progress, is_stopped) == offer.file.sha256
        ):
            link(landing, offer.repository.commit)
            return True
        if landing.path == landing.blob:
            raise PullError(
                f"{shown(landing.path)} is another file: move it away, or pull --to another folder"
            )
        return False

    def _landing(self, repository: Repository, file: HubFile, folder: Path | None) -> Landing:
        if folder is not None:
            return folder_landing(folder, self._cache, repository.name, file.name, file.sha256)
        return cache_landing(self._cache, repository.name, repository.commit, file.name, file.sha256)


def _sha256(offer: Offer, progress: Progress, is_stopped: Callable[[], bool]) -> str:
    digest, done = hashlib.sha256(), 0
    with offer.landing.blob.open("rb") as file:
        while piece := file.read(_READ):
            digest.update(piece)
            done += len(piece)
            progress(PullProgress("checking", done, offer.file.size or 0))
            stop_if(is_stopped())
    return digest.hexdigest()


def _wrong(error: OSError, landing: Landing) -> PullError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return PullError(
            f"the disk is full: free some of it, or pull with --to DIR; what came so far is kept in "
            f"{shown(landing.part.parent)}"
        )
    where = error.filename if error.filename is not None else landing.part.parent
    return PullError(f"{shown(where)} cannot be written: {error.strerror or error}")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
