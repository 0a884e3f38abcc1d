"""Files of data: their bytes as rows, with the place of each row for messages."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from slmtui.suites.loaders.row import Row
from slmtui.suites.suite import SuiteError
from tools.plain_text import one_line, visible


@dataclass(frozen=True, slots=True)
class DataFile:
    """The bytes of a file, with its name for messages; `stem` and the ending are read from that."""

    name: str
    data: bytes

    @property
    def stem(self) -> str:
        """The name without folders and endings."""
        return Path(self.name).name.partition(".")[0]

    @property
    def text(self) -> str:
        """What it says, in UTF-8. Raises `SuiteError` where it is not."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SuiteError(f"{self.name} is no text in UTF-8: save it as that") from error


def read_file(path: Path) -> DataFile:
    """Return a file with its bytes. Raises `SuiteError`."""
    shown = visible(str(path))
    try:
        return DataFile(shown, path.read_bytes())
    except OSError as error:
        raise SuiteError(f"{shown} cannot be read ({error.strerror or error}): name another file") from error


def checksum(files: Iterable[DataFile]) -> str:
    """Return sha256 of the bytes of files, one after another, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.data)
    return digest.hexdigest()


def rows_of(file: DataFile) -> Iterator[Row]:
    """Yield the rows of JSON lines, of one JSON array, or of CSV or TSV with a header, by what the file is.

    Raises `SuiteError` where it is none of these, with the line.
    """
    ending = file.name.lower().rpartition(".")[2]
    if ending in {"csv", "tsv"}:
        yield from _csv_rows(file, "\t" if ending == "tsv" else ",")
    elif file.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from _array_rows(file)
    else:
        yield from _line_rows(file)


def records_of(file: DataFile, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the records of CSV that are not empty, each with its line (1 is the first).

    Raises `SuiteError` for one that cannot be read.
    """
    reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise SuiteError(
            f"{file.name}, line {line}: {error}; mend it, or save the rows as JSON lines"
        ) from error


def _csv_rows(file: DataFile, delimiter: str) -> Iterator[Row]:
    records = records_of(file, delimiter)
    _, header = next(records, (1, []))
    name, times = next(iter(Counter(filter(None, header)).most_common(1)), ("", 0))
    if times > 1:
        raise SuiteError(
            f"{file.name}, line 1 names {times} columns {one_line(name, 60)!r}: rename all but one"
        )
    for line, record in records:
        if len(record) != len(header):
            raise SuiteError(
                f"{file.name}, line {line}: {len(record)} fields, but the first line names {len(header)}"
            )
        yield Row(f"{file.name}, line {line}", dict(zip(header, record, strict=True)))


def _array_rows(file: DataFile) -> Iterator[Row]:
    for number, value in enumerate(_decoded(file.text, file.name), 1):
        yield _row(f"{file.name}, entry {number}", value)


def _line_rows(file: DataFile) -> Iterator[Row]:
    for number, line in enumerate(file.text.split("\n"), 1):
        if line.strip():
            place = f"{file.name}, line {number}"
            yield _row(place, _decoded(line, place))


def _decoded(text: str, place: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SuiteError(f"{place}: this is no JSON ({error})") from error


def _row(place: str, value: Any) -> Row:
    if not isinstance(value, dict):
        raise SuiteError(f"{place}: this is no JSON object, but a {type(value).__name__}")
    return Row(place, value)
