"""The files of the suite's world: settings, some of them in sections, and a long logbook."""

import datetime

from slmtui.suites.bundled.drawing import seeded
from slmtui.suites.bundled.facts import COLOURS, PEOPLE, Fact, Lines, Pair

_SEED = 20260419
_SETTINGS = (
    "channel", "timeout", "volume", "retries", "owner", "colour", "language", "printer", "budget", "room",
)  # fmt: skip
NUMERIC = frozenset({"channel", "timeout", "volume", "retries", "budget"})
_PATHS = (
    "router.conf", "backup/plan.txt", "office/desk.cfg", "garden.ini", "server/main.conf", "phone.txt",
    "team/profile.txt", "kiosk.cfg",
)  # fmt: skip

_SECTIONS = {
    "pump.conf": ("day", "night"),
    "heating/zones.ini": ("ground", "upper"),
    "lighting.cfg": ("weekdays", "holidays"),
    "gate/rules.conf": ("guests", "staff"),
}
_SECTION_KEYS = ("limit", "delay", "level", "interval", "pressure")
LOGBOOK = "harbour/logbook.txt"
SHIPS = (
    "Aurora", "Borealis", "Calypso", "Dorothea", "Estrella", "Frigga", "Gondola", "Halcyon", "Isolde",
    "Juniper", "Kestrel", "Leonora",
)  # fmt: skip
_ENTRIES = 150


def _settings() -> tuple[tuple[Fact, ...], Lines]:
    rng = seeded(_SEED)
    words = {
        "owner": PEOPLE, "colour": COLOURS, "language": ("Basque", "Danish", "Tamil", "Welsh", "Zulu"),
        "printer": ("Falcon", "Otter", "Heron", "Badger"), "room": ("B17", "C04", "F29", "K11", "D33"),
    }  # fmt: skip
    facts: list[Fact] = []
    files: Lines = {}
    for path in _PATHS:
        lines = files.setdefault(path, [f"# {path.rpartition('/')[2]}"])
        for what in rng.sample(_SETTINGS, 5):
            value = rng.choice(words[what]) if what in words else str(rng.randint(21, 9400))
            lines.append(f"{what} = {value}")
            facts.append(Fact(path, what, value, path, len(lines)))
    return tuple(facts), files


def _sections() -> tuple[tuple[Pair, ...], Lines]:
    """Return settings that stand in two sections of a file; the place of such a fact is its section."""
    rng = seeded(_SEED + 1)
    pairs: list[Pair] = []
    files: Lines = {}
    for path, sections in _SECTIONS.items():
        keys = rng.sample(_SECTION_KEYS, 4)
        values = iter(map(str, rng.sample(range(21, 980), 2 * len(keys))))
        lines = files.setdefault(path, [])
        facts: dict[tuple[str, str], Fact] = {}
        for section in sections:
            lines.append(f"[{section}]")
            for what in keys:
                lines.append(f"{what} = {(value := next(values))}")
                facts[section, what] = Fact(section, what, value, path, len(lines))
        one, other = sections
        for what in keys:
            pairs += [
                Pair(facts[one, what], facts[other, what]),
                Pair(facts[other, what], facts[one, what]),
            ]
    return tuple(pairs), files


def _logbook() -> tuple[tuple[Fact, ...], Lines]:
    """Return the entries of a file that is longer than what a tool shows of it at once."""
    rng = seeded(_SEED + 2)
    day = datetime.date(2026, 1, 2)
    facts: list[Fact] = []
    lines: list[str] = []
    for line in range(1, _ENTRIES + 1):
        ship = rng.choice([each for each in SHIPS if not facts or each != facts[-1].value])
        lines.append(f"{day} {ship}, berth {rng.randint(1, 9)}, {rng.randint(12, 480)} crates")
        facts.append(Fact(LOGBOOK, "ship", ship, LOGBOOK, line))
        day += datetime.timedelta(days=rng.randint(0, 1))
    return tuple(facts), {LOGBOOK: lines}


SETTINGS, _SETTING_FILES = _settings()
SECTIONED, _SECTION_FILES = _sections()
LOG_ENTRIES, _LOG_FILES = _logbook()
FILES: Lines = _SETTING_FILES | _SECTION_FILES | _LOG_FILES
