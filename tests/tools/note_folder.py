"""A folder of notes in which the examples of `search_notes` are found, among others."""

from pathlib import Path

NOTES = {
    "house.md": (
        "# House\n"
        "\n"
        "## Boiler\n"
        "Serial number BX-20417, serviced every October.\n"
        "\n"
        "## Wifi\n"
        "\n"
        "The guest password is maple-river-42.\n"
    ),
    "recipes/pancakes.md": (
        "# Pancakes\n\nTwo eggs, 250 ml of milk, 125 g of flour.\n\nFry them in butter.\n"
    ),
    "calendar.txt": (
        "Car inspection on 2 May at 8:00.\nDentist appointment on 14 May at 10:45, Dr. Okafor.\n"
    ),
    "reading.txt": "Amina recommends two books: The Dispossessed and Piranesi.\n\nReturn the atlas to Jo.\n",
    "work/meeting-march.md": (
        "# March\n\n## Decisions\n\nThe logo stays green; Ravi orders the new signs.\n\n## Open\n\nBudget.\n"
    ),
    "travel.md": (
        "# Lisbon\n\nTram 28 leaves from Martim Moniz.\n\n# Utrecht\n"
        "We park the bikes behind the library, level 2.\n"
    ),
    "code.txt": "The parser is in C++; what's left is the train AND the bus timetable, due 10:45.\n",
}


def write_notes(folder: Path) -> Path:
    for name, text in NOTES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
