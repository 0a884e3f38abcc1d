"""Search in the user's own notes: the text and Markdown files of a folder that they named."""

from tools.note_files import NotesError
from tools.notes_index import Hit, NotesIndex, match_expression
from tools.plain_text import quoted
from tools.registry import Example, Tool, ToolError

_MAX_QUERY = 200


def notes_tool(index: NotesIndex) -> Tool:
    """Return the tool `search_notes` over an index."""

    def search_notes(query: str) -> str:
        if not match_expression(query):
            raise ToolError("The query has no words: write what to look for.")
        try:
            hits = index.search(query)
        except NotesError as error:
            raise ToolError(str(error)) from error
        return "\n".join(map(_line, hits)) or f"Nothing in the notes matches {quoted(query)}."

    return Tool(
        name="search_notes",
        description="Searches the user's own notes for words, and gives the lines that were found.",
        parameters={
            "type": "object",
            "properties": {
                "query": {
                    "type": "string",
                    "description": "The words to look for, such as boiler serial number",
                    "maxLength": _MAX_QUERY,
                }
            },
            "required": ["query"],
            "additionalProperties": False,
        },
        examples=EXAMPLES,
        run=search_notes,
    )


def _line(hit: Hit) -> str:
    """Write a hit as file, line, and what stands there under which heading."""
    heading = f"{hit.heading}: " if hit.heading else ""
    return f"{hit.name}:{hit.line}: {heading}{hit.text}"


def _example(request: str, query: str, result: str, answer: str) -> Example:
    return Example(request, {"query": query}, result, answer)


EXAMPLES = (
    _example(
        "What is the serial number of our boiler?",
        "boiler serial number",
        "house.md:4: Boiler: Serial number BX-20417, serviced every October.",
        "The serial number of the boiler is BX-20417.",
    ),
    _example(
        "search my notes for the wifi password",
        "wifi password",
        "house.md:8: Wifi: The guest password is maple-river-42.",
        "The guest wifi password is maple-river-42.",
    ),
    _example(
        "What did I write about the pancake recipe?",
        "pancake recipe",
        "recipes/pancakes.md:3: Pancakes: Two eggs, 250 ml of milk, 125 g of flour. Fry them in butter.",
        "You need two eggs, 250 ml of milk and 125 g of flour, and fry them in butter.",
    ),
    _example(
        "When is my appointment with the dentist?",
        "dentist appointment",
        "calendar.txt:2: Dentist appointment on 14 May at 10:45, Dr. Okafor.",
        "Your appointment with the dentist is on 14 May at 10:45.",
    ),
    _example(
        "Which books did Amina recommend to me?",
        "books Amina recommend",
        "reading.txt:1: Amina recommends two books: The Dispossessed and Piranesi.",
        "Amina recommended The Dispossessed and Piranesi.",
    ),
    _example(
        "find the decision about the logo in the meeting notes",
        "meeting logo decision",
        "work/meeting-march.md:5: Decisions: The logo stays green; Ravi orders the new signs.",
        "The decision was that the logo stays green, and Ravi orders the new signs.",
    ),
    _example(
        "Where did I park the bikes in Utrecht?",
        "park bikes Utrecht",
        "travel.md:6: Utrecht: We park the bikes behind the library, level 2.",
        "You park the bikes behind the library, on level 2.",
    ),
    _example(
        "do my notes say anything about a violin teacher",
        "violin teacher",
        "Nothing in the notes matches 'violin teacher'.",
        "No, your notes say nothing about a violin teacher.",
    ),
)
