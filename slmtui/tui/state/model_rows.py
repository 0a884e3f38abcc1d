"""The rows of the model picker: those that are here, then those that can be pulled, each cut into columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from sessions.speeds import ModelName, Speed
from slmtui.model_desk import ModelEntry
from slmtui.models.describe import parameter_count
from slmtui.models.errors import UnknownPullError
from slmtui.models.hub_names import wanted
from slmtui.models.known import KnownModel
from slmtui.tui import format as fmt
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.plain import plain_line
from slmtui.tui.state.cells import cut

LEAST_NAME = 22
"""Cells of a name: columns give way to it, the first of these first."""
_GIVING_WAY = ("LICENCE", "CONTEXT", "PARAMS", "QUANT", "TOK/S", "SIZE", "MEMORY")
_COLUMNS = {
    "PARAMS": 6, "QUANT": 7, "CONTEXT": 7, "SIZE": 7, "MEMORY": 10, "TOK/S": 6, "LICENCE": 14,
}  # fmt: skip
_LEFT = {"QUANT", "LICENCE"}
PULL_TITLE = "Can be pulled (p)"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row: a model that is here (`entry`), or what can be pulled under `pull`, known before or not.

    `uses` are words for what it is used as now; the row of the main one is `current`.
    """

    entry: ModelEntry | None = None
    pull: str = ""
    known: KnownModel | None = None
    speed: Speed | None = None
    uses: tuple[str, ...] = ()
    current: bool = False

    @property
    def key(self) -> str:
        """What a row is told from others by, whatever is drawn around it."""
        return self.entry.path if self.entry else f"pull {self.pull}"

    @property
    def usable(self) -> bool:
        """Whether it can be loaded."""
        return self.entry is not None and not self.entry.problem

    @property
    def name(self) -> str:
        """The name, clean."""
        return plain_line(self.entry.name if self.entry else self.pull, 120)


def rows_of(
    entries: Iterable[ModelEntry],
    known: Sequence[KnownModel],
    speeds: Mapping[ModelName, Speed],
    uses: Mapping[str, tuple[str, ...]],
    query: str,
) -> list[ModelRow]:
    """Return the rows that hold every word of `query`; `uses` are words by the path of a file.

    A model of the short list that is here is no longer offered. A query that names a repository of the hub
    can be pulled itself.
    """
    here = list(entries)
    words = query.casefold().split()
    files = {each.path.replace("\\", "/").rpartition("/")[2] for each in here}
    rows = [_entry_row(each, speeds, uses.get(each.path, ())) for each in here]
    rows += [ModelRow(pull=each.name, known=each) for each in known if each.file not in files]
    found = [row for row in rows if all(word in _searched(row) for word in words)]
    if _names_repository(query):
        found.append(ModelRow(pull=query.strip()))
    return found


def head_line(width: int) -> str:
    """Return the titles of the columns, in `width` cells."""
    return _columned("  MODEL", {title: title for title in _COLUMNS}, width)


def row_line(row: ModelRow, width: int) -> str:
    """Return a row, in `width` cells."""
    mark = f"{CHOSEN} " if row.current else "  "
    if row.entry is not None and row.entry.problem:
        name = f"{mark}{cut(row.name, max(width // 3, 12))}  "
        return name + cut(f"✗ {plain_line(row.entry.problem, 300)}", width - cell_len(name))
    used = f" ({', '.join(row.uses)})" if row.uses else ""
    room = width - sum(1 + _COLUMNS[title] for title in _columns(width))
    room -= len(mark) + cell_len(used)
    whole = row.name if cell_len(row.name) <= room else row.name.rpartition("/")[2]
    name = cut(whole, room)
    return _columned(f"{mark}{name}{used}", _cells(row), width)


def _entry_row(entry: ModelEntry, speeds: Mapping[ModelName, Speed], uses: tuple[str, ...]) -> ModelRow:
    facts = entry.facts
    speed = speeds.get(ModelName(facts.name, facts.quantisation)) if facts else None
    return ModelRow(entry, speed=speed, uses=uses, current="in use" in uses)


def _cells(row: ModelRow) -> dict[str, str]:
    if row.entry is None or row.entry.facts is None:
        known = row.known
        if known is None:
            return {}
        return {
            "PARAMS": known.size_class,
            "QUANT": known.quant,
            "SIZE": f"~{fmt.size(known.size)}",
            "LICENCE": known.licence,
        }
    facts, fit = row.entry.facts, row.entry.fit
    return {
        "PARAMS": parameter_count(facts.parameters),
        "QUANT": plain_line(facts.quantisation, 12),
        "CONTEXT": fmt.count(facts.context_length),
        "SIZE": fmt.size(row.entry.size),
        "MEMORY": f"~{fmt.size(fit.needed)} {'✓' if fit.fits else '✗'}" if fit else "",
        "TOK/S": fmt.significant(row.speed.last) if row.speed else "",
        "LICENCE": plain_line(facts.licence or fmt.NONE, 40),
    }


def _columns(width: int) -> list[str]:
    """Return the columns that there is room for."""
    columns = list(_COLUMNS)
    for title in _GIVING_WAY:
        if width - sum(1 + _COLUMNS[each] for each in columns) >= LEAST_NAME:
            break
        columns.remove(title)
    return columns


def _columned(name: str, cells: Mapping[str, str], width: int) -> str:
    columns = _columns(width)
    line = set_cell_size(name, width - sum(1 + _COLUMNS[title] for title in columns))
    for title in columns:
        text = cut(cells.get(title, ""), _COLUMNS[title])
        space = " " * (_COLUMNS[title] - cell_len(text))
        line += f" {text}{space}" if title in _LEFT else f" {space}{text}"
    return line


def _searched(row: ModelRow) -> str:
    parts = [row.name]
    if row.entry is not None:
        facts = row.entry.facts
        parts += [row.entry.source, *((facts.quantisation, facts.licence or "") if facts else ())]
    if row.known is not None:
        parts += [row.known.repository, row.known.licence, row.known.quant, row.known.size_class]
    return " ".join(parts).casefold()


def _names_repository(query: str) -> bool:
    try:
        return bool(wanted(query))
    except UnknownPullError:
        return False
