"""The list of the model picker while it fills: what was found, what of it is shown, and where the mark is."""

from collections.abc import Mapping, Sequence

from sessions.speeds import ModelName, Speed
from slmtui.crew import MAIN, ModelInUse
from slmtui.model_desk import ModelEntry
from slmtui.models.known import KnownModel
from slmtui.tui.state.model_rows import ModelRow, rows_of


class ModelListState:
    """Lines are counted as they are drawn: models that are here, a title, those that can be pulled.

    `looking` is whether more may be found. `wanted` is the key of the row that the mark stays on.
    """

    def __init__(self, wanted: str = "") -> None:
        self.entries: dict[str, ModelEntry] = {}
        self.speeds: Mapping[ModelName, Speed] = {}
        self.looking = True
        self.wanted = wanted
        self.here: list[ModelRow] = []
        self.others: list[ModelRow] = []
        self._lines: list[ModelRow | None] = []

    def search(self, query: str, known: Sequence[KnownModel], used: Sequence[ModelInUse]) -> None:
        """List what fits a query."""
        rows = rows_of(self.entries.values(), known, self.speeds, _uses(used), query)
        self.here = [row for row in rows if row.entry is not None]
        self.others = [row for row in rows if row.entry is None]
        self._lines = []
        self._lines += self.here or [None]
        self._lines += [None, *self.others] if self.others else []

    def row_at(self, line: int | None) -> ModelRow | None:
        """Return the row of a line; None for a title, or no line."""
        return self._lines[line] if line is not None and line < len(self._lines) else None

    @property
    def place(self) -> int | None:
        """The line that the mark belongs on: that of the wanted row, else of the first that can be used."""
        lines = list(enumerate(self._lines))
        wanted = (at for at, row in lines if row is not None and row.key == self.wanted)
        usable = (at for at, row in lines if row is not None and (row.usable or row.entry is None))
        return next(wanted, next(usable, None))

    def nothing(self, query: str) -> str:
        """Return what is said where no model is."""
        if self.looking:
            return "Looking for models on this machine…"
        none = "No model here is called that." if query.strip() else "No model was found."
        return f"{none} /model PATH loads any GGUF file."

    @property
    def told(self) -> str:
        """How many are listed, for the header."""
        return f"{'looking… ' if self.looking else ''}{len(self.here)} here"


def _uses(used: Sequence[ModelInUse]) -> dict[str, tuple[str, ...]]:
    """Return the words for what each file is used as."""
    uses: dict[str, tuple[str, ...]] = {}
    for each in used:
        uses[each.path] = (*uses.get(each.path, ()), "in use" if each.whose == MAIN else each.whose)
    return uses
