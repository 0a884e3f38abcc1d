"""The turns of a session as a tree: which follows which, and which path through it is open."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field

from sessions.projections import read_rows
from sessions.reading import read_turns, settled
from sessions.records import TurnRecord

LINKS = "SELECT turn, parent FROM turns WHERE session = ? ORDER BY position"


@dataclass(frozen=True, slots=True)
class Tree:
    """The turns of one session, in order of time, each with the turn that it follows.

    `end` is where the open path ends: a turn, empty for before the first, or None for the latest turn.
    Every turn comes later than the one that it follows, so the tree has no circle.
    """

    parents: dict[str, str]
    end: str | None = None
    _children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), init=False)

    def __post_init__(self) -> None:
        for turn, parent in self.parents.items():
            self._children[parent].append(turn)

    @property
    def open_end(self) -> str:
        """The turn at which the open path ends; empty when it ends before the first."""
        if self.end is None or (self.end and self.end not in self.parents):
            return next(reversed(self.parents), "")
        return self.end

    def path(self, end: str) -> list[str]:
        """Return the turns from the first one to `end`, in order; none for an empty `end`."""
        found = []
        while end in self.parents:
            found.append(end)
            end = self.parents[end]
        return found[::-1]

    def latest_below(self, turn: str) -> str:
        """Return the latest of the turns that came of `turn`, or itself."""
        below = {turn}
        latest = turn
        for each, parent in self.parents.items():
            if parent in below:
                below.add(each)
                latest = each
        return latest

    def siblings(self) -> dict[str, tuple[str, ...]]:
        """Return, for each turn that is not alone, all turns that follow the same one, in order of time."""
        return {
            turn: several
            for several in map(tuple, self._children.values())
            if len(several) > 1
            for turn in several
        }


def read_tree(db: sqlite3.Connection, session: str) -> Tree:
    """Return the tree of the session with that id."""
    parents = dict(db.execute(LINKS, (session,)).fetchall())
    return Tree(parents, db.execute("SELECT open_end FROM sessions WHERE id = ?", (session,)).fetchone()[0])


def read_open_end(db: sqlite3.Connection, session: str) -> str:
    """Return the turn at which the open path of a session ends; empty before the first.

    In most sessions it is the latest turn, for which no tree is read: one of a suite has thousands.
    """
    end = db.execute("SELECT open_end FROM sessions WHERE id = ?", (session,)).fetchone()[0]
    if end is not None:
        return read_tree(db, session).open_end
    sql = "SELECT turn FROM turns WHERE session = ? ORDER BY position DESC LIMIT 1"
    row = db.execute(sql, (session,)).fetchone()
    return row[0] if row else ""


def read_path(db: sqlite3.Connection, session: str, end: str | None = None) -> list[TurnRecord]:
    """Return the records of the turns from the first one to `end`; by default those of the open path."""
    tree = read_tree(db, session)
    path = tree.path(tree.open_end if end is None else end)
    if len(path) == len(tree.parents):
        return read_turns(db, session)
    chosen = "session = ? AND turn IN (SELECT value FROM json_each(?))"
    return [settled(db, turn) for turn in read_rows(db, TurnRecord, chosen, session, json.dumps(path))]


def end_at(db: sqlite3.Connection, session: str, turn: str | None) -> None:
    """Let the open path of a session end at a turn, before the first (empty), or at the latest (None)."""
    db.execute("UPDATE sessions SET open_end = ? WHERE id = ?", (turn, session))
