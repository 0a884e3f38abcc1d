"""The tables of the suite's world."""

from dataclasses import dataclass

from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.facts import PEOPLE

_SEED = 20260420


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a CSV file's name, its columns, and its rows, whose numbers are whole."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]

    def column(self, name: str) -> list[str | int]:
        """Return the values of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def numbers(self, name: str) -> list[int]:
        """Return the values of a column of numbers. Raises `ValueError` for one of words."""
        return [int(value) for value in self.column(name)]


def _tables() -> tuple[Table, Table]:
    rng = seeded(_SEED)
    teams, fruits, towns = ("red", "blue", "green"), ("apples", "pears", "plums"), ("Bergen", "Porto", "Lviv")
    names = rng.sample([name.split()[0] for name in PEOPLE], len(PEOPLE))
    staff = tuple(
        (name, rng.choice(teams), rng.randint(21, 64), rng.randrange(1800, 5200, 50)) for name in names
    )
    sales = tuple(
        (rng.choice(towns), rng.choice(fruits), rng.randint(4, 90), rng.randint(2, 19)) for _ in range(24)
    )
    return (
        Table("staff.csv", ("name", "team", "age", "salary"), staff),
        Table("sales.csv", ("town", "fruit", "boxes", "price"), sales),
    )


STAFF, SALES = _tables()
TABLES = (STAFF, SALES)
