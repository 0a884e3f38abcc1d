"""Where the files of a data set lie: a folder, a file or the hub; and what licence lies beside them."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from slmtui.suites.loaders.data_file import DataFile, read_file
from slmtui.suites.loaders.hub import PREFIX, HubFile, hub_file, read_hub
from slmtui.suites.loaders.known import KnownSet
from slmtui.suites.suite import Split, SuiteError
from tools.plain_text import one_line, visible

Place = Path | HubFile


def place_of(text: str) -> Place:
    """Return the place that a text names: a path, or a file of the hub. Raises `SuiteError`."""
    if text.startswith(PREFIX):
        return hub_file(text)
    # Shells leave it as it is after a name and "=".
    return Path.home() / text[2:] if text.startswith("~/") else Path(text)


def is_file(place: Place) -> bool:
    """Whether a place is one file: each of the hub is."""
    try:
        return isinstance(place, HubFile) or place.is_file()
    except OSError:  # a name that is too long
        return False


def is_folder(place: Path) -> bool:
    """Whether a path is that of a folder."""
    try:
        return place.is_dir()
    except OSError:
        return False


def places_of(known: KnownSet, split: Split, where: Place | None) -> tuple[Place, ...]:
    """Return the files of a known set: those in a folder, the file that is given, or the hub's.

    Raises `SuiteError` where there are none, with where to get them.
    """
    if where is not None and is_file(where):
        return (where,)
    if split not in known.files:
        raise SuiteError(f"{known.name} has no part to train on: leave --split {split} out")
    if isinstance(where, Path):
        return _found(known, split, where)
    if split not in known.hub:
        raise SuiteError(f"{known.name}: get {known.get}, and name the folder with --data")
    return (known.hub[split],)


def read_places(known: KnownSet, split: Split, places: tuple[Place, ...]) -> tuple[DataFile, ...]:
    """Return the files at some places, archives opened, with the files of right answers beside them."""
    try:
        files = [file for place in places for file in _read(place, known, split)]
        answers = [read(_answers_of(place)) for place in places if known.answers]
    except SuiteError as error:
        if isinstance(places[0], Path):
            raise
        raise SuiteError(f"{error}; or get {known.get}, and name the folder with --data") from error
    return (*files, *answers)


def read(place: Place) -> DataFile:
    """Return the file at a place. Raises `SuiteError`."""
    return read_file(place) if isinstance(place, Path) else read_hub(place)


def shown(places: tuple[Place, ...]) -> str:
    """Return the places of a suite for its source, on one line."""
    first = visible(str(places[0]))
    return first if len(places) == 1 else f"{first} and {len(places) - 1} more"


def licence_beside(place: Place) -> str:
    """Return what is said of a licence beside a file, or nothing."""
    if isinstance(place, HubFile):
        return f"see huggingface.co/datasets/{place.repository}"
    for file in sorted(place.parent.glob("LICEN[SC]E*")):
        if file.is_file():
            return f"see {visible(file.name)} beside the data ({_title_of(file)})"
    return ""


def _title_of(file: Path) -> str:
    lines = read_file(file).data.decode("utf-8", "replace").splitlines()
    return one_line(next((line for line in lines if line.strip()), "empty"), 60)


def _found(known: KnownSet, split: Split, folder: Path) -> tuple[Path, ...]:
    for pattern in known.files[split] if is_folder(folder) else ():
        for root in (folder / known.name, folder / known.name / "data", folder, folder / "data"):
            files = sorted(file for file in root.glob(pattern) if file.is_file())
            if files:
                return tuple(files if known.many else files[-1:])
    if not is_folder(folder):
        raise SuiteError(f"there is no file and no folder {one_line(visible(str(folder)), 120)!r}")
    looked = " or ".join(known.files[split])
    raise SuiteError(f"{visible(str(folder))} has no {looked} of {known.name}: get it from {known.get}")


def _answers_of(place: Place) -> Place:
    if isinstance(place, Path):
        return place.parent / "possible_answer" / place.name
    file = PurePosixPath(place.file)
    return replace(place, file=str(file.parent / "possible_answer" / file.name))


def _fits(file: PurePosixPath, patterns: list[str]) -> bool:
    """Whether a file of an archive is one of a set; macOS puts files of its own beside, with a dot first."""
    return not file.name.startswith(".") and any(map(file.match, patterns))


def _read(place: Place, known: KnownSet, split: Split) -> list[DataFile]:
    file = read(place)
    if not file.name.endswith(".tar"):
        return [file]
    patterns = [pattern for pattern in known.files[split] if not pattern.endswith(".tar")]
    try:
        with tarfile.open(fileobj=io.BytesIO(file.data)) as archive:
            members = sorted(member.name for member in archive if member.isfile())
            named = [name for name in members if _fits(PurePosixPath(name), patterns)]
            opened = ((name, archive.extractfile(name)) for name in named)
            files = [DataFile(f"{file.name}: {name}", each.read()) for name, each in opened if each]
    except tarfile.TarError as error:
        raise SuiteError(f"{file.name} is a damaged archive ({error}): get it again") from error
    if not files:
        raise SuiteError(f"{file.name} has no {' or '.join(patterns)}")
    return files
