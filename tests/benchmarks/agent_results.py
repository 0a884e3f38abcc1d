"""The results of a benchmark of agents in a file of JSON lines: one a turn, and one a block of turns."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tests.benchmarks.agent_items import Item
from tests.benchmarks.agent_outcomes import Outcome

_ROOT = Path(__file__).parents[2]
_CODE = ("agents", "tools")


@dataclass(frozen=True)
class Conditions:
    """What a run was made under: runs are as comparable as these are alike.

    `code` is a digest of the packages agents and tools. `at_once` turns ran together: neither their
    seconds nor, to the last bit, their logits are those of turns alone.
    """

    model: str
    seed: int
    max_tokens: int
    at_once: int
    switches: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Result:
    """One item under one paradigm."""

    paradigm: str
    item: Item
    outcome: Outcome
    conditions: Conditions


@dataclass(frozen=True)
class Block:
    """So many turns of a paradigm that were run in one go, and the seconds that it took."""

    paradigm: str
    set: str
    turns: int
    wall_s: float
    conditions: Conditions


@dataclass
class Results:
    """Everything in a file that was run under the given conditions, and how much was not."""

    path: Path
    conditions: Conditions
    turns: list[Result] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    others: int = 0

    @classmethod
    def read(cls, path: Path, conditions: Conditions) -> "Results":
        """Read a file that may not be there yet. A last line that was cut off is run again."""
        results = cls(path, conditions)
        lines = path.read_bytes().splitlines() if path.exists() else []
        for line in lines:
            try:
                each = msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError:
                continue
            results._take(each.turn or each.block)
        return results

    def has(self, paradigm: str, item: Item) -> bool:
        """Whether an item, in just these words, was run under a paradigm."""
        return any(turn.paradigm == paradigm and turn.item == item for turn in self.turns)

    def add(self, made: Result | Block) -> None:
        """Take a result, and append it to the file."""
        self._take(made)
        line = _Line(turn=made) if isinstance(made, Result) else _Line(block=made)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            # A run that was killed may have left half a line.
            file.write((b"\n" if file.tell() else b"") + msgspec.json.encode(line))

    def _take(self, made: Result | Block | None) -> None:
        if made is None or made.conditions != self.conditions:
            self.others += 1
        elif isinstance(made, Result):
            self.turns.append(made)
        else:
            self.blocks.append(made)


@dataclass(frozen=True)
class _Line:
    turn: Result | None = None
    block: Block | None = None


def digest_of_code(root: Path = _ROOT, packages: Iterable[str] = _CODE) -> str:
    """Return a short digest of the files of some packages, whatever git knows of them."""
    hashed = hashlib.sha256()
    for path in sorted(path for name in packages for path in (root / name).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            hashed.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()[:12]
