"""The migrations of the store, by sqlite-utils; imported only for a file that needs one, for it is slow."""

from sqlite_utils import Database, Migrations

from sessions.schema.m001 import FIRST
from sessions.schema.m002 import SECOND
from sessions.schema.m003 import THIRD
from sessions.schema.m004 import FOURTH
from sessions.schema.m005 import FIFTH

migrations = Migrations("slmtui")


@migrations()
def m001_first(db: Database) -> None:
    """Create every table and view of the first version."""
    for statement in FIRST:
        db.execute(statement.strip())


@migrations()
def m002_engine_and_choices(db: Database) -> None:
    """Add what the engine says of its threads, KV cache and adapters, cold turns, and choices of calls."""
    for statement in SECOND:
        db.execute(statement.strip())


@migrations()
def m003_ladder_and_factors(db: Database) -> None:
    """Add rungs, approvals, skipped calls, factors, prompt tokens by origin, and who wrote the answer."""
    for statement in THIRD:
        db.execute(statement.strip())


@migrations()
def m004_runs_and_what_ifs(db: Database) -> None:
    """Add suite runs with their items and attempts, what-ifs, kinds of memory, and what energy is of."""
    for statement in FOURTH:
        db.execute(statement.strip())


@migrations()
def m005_tree_and_marks(db: Database) -> None:
    """Add the tree of turns, a session's system prompt, sampling and tags, and marks by hand."""
    for statement in FIFTH:
        db.execute(statement.strip())


def migrate(db: Database) -> None:
    """Apply what is pending, within the transaction that is open."""
    migrations.apply(db)
