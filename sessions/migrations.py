"""The migrations of the store, by sqlite-utils; imported only for a file that needs one, for it is slow."""

from sqlite_utils import Database, Migrations

from sessions.schema import FIRST, SECOND

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


def migrate(db: Database) -> None:
    """Apply what is pending, within the transaction that is open."""
    migrations.apply(db)
