"""Read a text file under a folder that the user opened, some lines at a time."""

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.file_places import OpenedFolder, PlaceError, open_folder, parts_of
from tools.file_text import NotTextError, decoded
from tools.plain_text import quoted, visible
from tools.registry import Example, Tool, ToolError

MAX_BYTES = 2_000_000
MAX_LINES = 60
MAX_CHARACTERS = 1600
MAX_LINE = 300
MAX_PATH = 200
_MAX_NAMED = 5


def read_file_tool(root: Path) -> Tool:
    """Return the tool `read_file` over a folder. Raises `FolderError` if it is not one."""
    folder = open_folder(root)

    def read_file(path: str, first_line: int = 1) -> str:
        return _shown(_text(folder, path), int(first_line))

    return Tool(
        name="read_file",
        description="Reads a text file in the user's folder, with line numbers.",
        parameters={
            "type": "object",
            "properties": {
                "path": {
                    "type": "string",
                    "description": "The file to read, such as notes.txt or src/main.py",
                    "maxLength": MAX_PATH,
                },
                "first_line": {
                    "type": "integer",
                    "description": "The line to begin with, if not the first",
                    "minimum": 1,
                    "maximum": 999_999,
                },
            },
            "required": ["path"],
            "additionalProperties": False,
        },
        examples=EXAMPLES,
        run=read_file,
    )


def _text(folder: OpenedFolder, path: str) -> str:
    try:
        return decoded(folder.read(parts_of(path, folder.root), MAX_BYTES))
    except FileNotFoundError as error:
        raise ToolError(f"There is no file {quoted(path)}: {_instead(folder, path)}") from error
    except IsADirectoryError as error:
        raise ToolError(f"{quoted(path)} is a folder: {_within(folder, path)}") from error
    except PlaceError as error:
        raise ToolError(f"{quoted(path)} {error}.") from error
    except NotTextError as error:
        raise ToolError(f"{quoted(path)} cannot be read: it is {error}.") from error


def _instead(folder: OpenedFolder, path: str) -> str:
    """Name the files whose path or name is nearest to what was asked for, or else the first ones."""
    names = list(folder.names())
    by_text = {name.rpartition("/")[2].lower(): name for name in reversed(names)}
    by_text |= {name.lower(): name for name in names}
    wanted = visible(path.strip().lower().replace("\\", "/"))
    near: dict[str, None] = {}
    for text in (wanted, wanted.rpartition("/")[2]):
        near |= dict.fromkeys(by_text[key] for key in difflib.get_close_matches(text, by_text, 3, 0.7))
    if near:
        return f"did you mean {' or '.join(list(near)[:3])}?"
    return f"{_listed(names)}." if names else "the folder has no files to read."


def _within(folder: OpenedFolder, path: str) -> str:
    below = "/".join(parts_of(path, folder.root)) + "/"
    names = [name for name in folder.names() if name.startswith(below)]
    return f"name a file in it; {_listed(names)}." if names else "it has no files to read."


def _listed(names: list[str]) -> str:
    more = len(names) - _MAX_NAMED
    return f"the files are {', '.join(names[:_MAX_NAMED])}" + (f" and {more} more" if more > 0 else "")


def _shown(text: str, first: int) -> str:
    """Return the lines from `first` on that fit, numbered, and how many come after them."""
    lines = text.removesuffix("\n").split("\n")
    if not text.strip():
        return "The file is empty."
    if not 1 <= first <= len(lines):
        raise ToolError(f"The file has {len(lines)} lines: first_line must be from 1 to {len(lines)}.")
    shown = list(_fitting(lines, first))
    left = len(lines) - (first - 1) - len(shown)
    more = f"{left} more {'line' if left == 1 else 'lines'}: read on with first_line {first + len(shown)}"
    return "\n".join([*shown, more] if left else shown)


def _fitting(lines: list[str], first: int) -> Iterator[str]:
    characters = 0
    for number, line in enumerate(lines[first - 1 : first - 1 + MAX_LINES], first):
        beyond = len(line) - MAX_LINE
        numbered = f"{number}: {line[:MAX_LINE]}" + (f"… ({beyond} more characters)" if beyond > 0 else "")
        characters += len(numbered) + 1
        if characters > MAX_CHARACTERS and number > first:
            return
        yield numbered


def _numbered(lines: Iterable[str], first: int = 1) -> str:
    return "\n".join(f"{number}: {line}" for number, line in enumerate(lines, first))


def _example(request: str, path: str, lines: Iterable[str], answer: str, first: int = 1) -> Example:
    arguments = {"path": path} if first == 1 else {"path": path, "first_line": first}
    return Example(request, arguments, _numbered(lines, first), answer)


EXAMPLES = (
    _example(
        "What does shopping.txt say?",
        "shopping.txt",
        ["Milk, eggs and rye bread."],
        "It says: Milk, eggs and rye bread.",
    ),
    _example(
        "read the file motd.txt",
        "motd.txt",
        ["The printer on floor 2 is out of order."],
        "The file says: The printer on floor 2 is out of order.",
    ),
    _example(
        "Show me the contents of settings.ini",
        "settings.ini",
        ["[server]", "port = 8080", "host = localhost"],
        "It has a section [server] with port = 8080 and host = localhost.",
    ),
    _example(
        "Which port is set in settings.ini?",
        "settings.ini",
        ["[server]", "port = 8080", "host = localhost"],
        "The port in settings.ini is 8080.",
    ),
    _example(
        "open reports/march.md and tell me what is in it",
        "reports/march.md",
        ["# March", "Sales grew by 4 percent."],
        "The report on March says that sales grew by 4 percent.",
    ),
    _example(
        "Can you read line 2 of reports/march.md on?",
        "reports/march.md",
        ["Sales grew by 4 percent."],
        "From line 2 on it says: Sales grew by 4 percent.",
        first=2,
    ),
    _example(
        "What's in src/hello.py?",
        "src/hello.py",
        ['print("Hello, world")'],
        'It has one line: print("Hello, world")',
    ),
    _example(
        "Look into todo.md: what is still to do?",
        "todo.md",
        ["- call the plumber", "- renew the library card"],
        "Still to do: call the plumber and renew the library card.",
    ),
    _example(
        "print todo.md from line 2",
        "todo.md",
        ["- renew the library card"],
        "Line 2 says: renew the library card.",
        first=2,
    ),
)
