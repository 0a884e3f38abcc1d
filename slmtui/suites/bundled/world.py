"""The folder that the generated requests are about: notes, files and tables, always the same ones."""

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path

_SEED = 20260418
_THINGS = (
    "boathouse", "greenhouse", "caravan", "cellar", "workshop", "cottage", "studio", "chapel", "stable",
    "sauna", "attic", "pavilion",
)  # fmt: skip
_PEOPLE = (
    "Ulla Brandt", "Renzo Moretti", "Keiko Sato", "Abel Mensah", "Nora Lindqvist", "Iker Zabala",
    "Dara Quinn", "Pavel Novak", "Salma Haddad", "Wim de Boer", "Lucia Prado", "Emeka Obi",
)  # fmt: skip
_COLOURS = (
    "sage green", "pale ochre", "slate blue", "brick red", "chalk white", "olive", "burgundy", "amber",
    "turquoise", "charcoal", "ivory", "copper",
)  # fmt: skip
_SPOTS = (
    "under the third flowerpot", "behind the clock", "in the blue tin", "on the nail by the window",
    "inside the old boot", "below the doormat", "in the bread bin", "on top of the wardrobe",
    "beside the fuse box", "in the piano stool", "under the beehive", "behind the mirror",
)  # fmt: skip
_FILES = ("north.md", "south.md", "places/east.md", "places/west.md")
_SETTINGS = (
    "channel", "timeout", "volume", "retries", "owner", "colour", "language", "printer", "budget", "room",
)  # fmt: skip
_PATHS = (
    "router.conf", "backup/plan.txt", "office/desk.cfg", "garden.ini", "server/main.conf", "phone.txt",
    "team/profile.txt", "kiosk.cfg",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What the notes or a file say: `value` is the `what` of `place`, written in `path` at `line` from 1."""

    place: str
    what: str
    value: str
    path: str
    line: int


@dataclass(frozen=True)
class Table:
    """A table: a CSV file's name, its columns, and its rows, whose numbers are whole."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]

    def column(self, name: str) -> list[str | int]:
        """Return the values of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


def _shuffled(rng: random.Random, values: tuple[str, ...]) -> list[str]:
    return rng.sample(values, len(values))


def _notes() -> tuple[tuple[Fact, ...], dict[str, list[str]]]:
    rng = random.Random(_SEED)
    people, colours, spots = (_shuffled(rng, values) for values in (_PEOPLE, _COLOURS, _SPOTS))
    codes = rng.sample(range(2100, 9900), len(_THINGS))
    facts: list[Fact] = []
    files: dict[str, list[str]] = {path: [] for path in _FILES}
    for i, thing in enumerate(_THINGS):
        path = f"notes/{_FILES[i % len(_FILES)]}"
        lines = files[_FILES[i % len(_FILES)]]
        lines += [f"# {thing.capitalize()}", ""]
        for what, value, line in (
            ("alarm code", str(codes[i]), f"The alarm code of the {thing} is {codes[i]}."),
            ("caretaker", people[i], f"Caretaker of the {thing}: {people[i]}."),
            ("paint colour", colours[i], f"The paint colour of the {thing} is {colours[i]}."),
            ("spare key", spots[i], f"The spare key of the {thing} lies {spots[i]}."),
        ):
            lines += [line, ""]
            facts.append(Fact(thing, what, value, path, len(lines) - 1))
    return tuple(facts), {f"notes/{path}": lines for path, lines in files.items()}


def _settings() -> tuple[tuple[Fact, ...], dict[str, list[str]]]:
    rng = random.Random(_SEED + 1)
    words = {
        "owner": _PEOPLE, "colour": _COLOURS, "language": ("Basque", "Danish", "Tamil", "Welsh", "Zulu"),
        "printer": ("Falcon", "Otter", "Heron", "Badger"), "room": ("B17", "C04", "F29", "K11", "D33"),
    }  # fmt: skip
    facts: list[Fact] = []
    files: dict[str, list[str]] = {}
    for path in _PATHS:
        lines = files.setdefault(path, [f"# {path.rpartition('/')[2]}"])
        for what in rng.sample(_SETTINGS, 5):
            value = rng.choice(words[what]) if what in words else str(rng.randint(21, 9400))
            lines.append(f"{what} = {value}")
            facts.append(Fact(path, what, value, path, len(lines)))
    return tuple(facts), files


def _tables() -> tuple[Table, ...]:
    rng = random.Random(_SEED + 2)
    teams, fruits, towns = ("red", "blue", "green"), ("apples", "pears", "plums"), ("Bergen", "Porto", "Lviv")
    names = _shuffled(rng, tuple(name.split()[0] for name in _PEOPLE))
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


NOTES, _NOTE_FILES = _notes()
SETTINGS, _SETTING_FILES = _settings()
STAFF, SALES = _tables()
TABLES = (STAFF, SALES)
FOLDER = "folder"
NOTES_FOLDER = f"{FOLDER}/notes"


def write_world(home: Path) -> None:
    """Write the notes (under `NOTES_FOLDER`), the files and the tables (under `FOLDER`) into a home."""
    folder = home / FOLDER
    for path, lines in (_NOTE_FILES | _SETTING_FILES).items():
        _write(folder / path, "\n".join(lines) + "\n")
    for table in TABLES:
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows((table.columns, *table.rows))
        _write(folder / table.path, written.getvalue())


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
