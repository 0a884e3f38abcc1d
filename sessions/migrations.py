"""The migrations of the store, by sqlite-utils; imported only for a file that needs one, for it is slow."""

from sqlite_utils import Database, Migrations

from sessions.schema import FIRST

migrations = Migrations("slmtui")


@migrations()
def m001_first(db: Database) -> None:
    """Create every table and view of the first version."""
    for statement in FIRST:
        db.execute(statement.strip())


def migrate(db: Database) -> None:
    """Apply what is pending, within the transaction that is open."""
    migrations.apply(db)
