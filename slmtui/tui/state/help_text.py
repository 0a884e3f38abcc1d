"""The help as text: what has the focus first, then the screen, then everything else; and its search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from textual.content import Content

from slmtui.tui.command import SCOPE_TITLES, Command, Scope
from slmtui.tui.commands import COMMANDS, in_scope, key_name, usual_keys
from slmtui.tui.state.paradigms import controls, mains

KeysOf = Callable[[Command], tuple[str, ...]]
KEYS = 22

FOCUSED = {
    "PromptArea": "The prompt. What you type goes to the model; a line that begins with / is a command, and"
    " @ names a file to send along.",
    "ComparePrompt": "The prompt of the comparison. Every arm gets what you send.",
    "TurnBlock": "A turn that is marked: letters act on it, esc goes back to the prompt.",
    "FrozenTurn": "An earlier turn that is marked: letters act on it, enter makes its text selectable.",
    "FoldLine": "A step of an answer: a tool call, a hand-off or a thought, folded to one line.",
    "MoreLine": "Turns that are not drawn yet.",
    "Transcript": "The conversation: arrows and the wheel scroll it.",
    "CostPanel": "The cost panel: what the running turn costs, beside the median of this session.",
    "LineInput": "A line to type in. Enter takes it.",
    "CompareColumn": "The answer of one arm.",
    "OptionList": "A list: arrows move the mark, enter takes what is marked.",
    "TextArea": "A text to write: the arrows move, ctrl+z takes back.",
    "Button": "A button: enter presses it, tab goes on.",
    "VerticalScroll": "A long text: arrows, page keys and the wheel scroll it.",
}
"""What has the focus, in words, by the name of its class or of one that it is made from."""

FIGURES = (
    ("↑ 1 204 (900 reused)", "prompt tokens, and how many were still in the KV cache"),
    ("↓ 386", "output tokens, those for tools and hand-offs included"),
    ("TTFT", "seconds from sending the prompt to the first token of the answer"),
    ("tok/s", "tokens a second while the model writes"),
    ("~41 J", "energy; ~ marks an estimate from a model of the machine"),
    ("no meter", "this machine has no energy meter that may be read"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the help: lines of what is pressed or typed, and what it does, under a title."""

    title: str
    rows: tuple[tuple[str, str], ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """What had the focus: the names of its class and those it is made from, and its own keys.

    Each key comes with the id of its command, where it has one, and what it does.
    """

    kinds: Sequence[str] = ()
    keys: Sequence[tuple[str, str | None, str]] = ()

    def section(self) -> Section | None:
        """Return the help for it, or None where there is nothing to say."""
        about = next((FOCUSED[kind] for kind in self.kinds if kind in FOCUSED), "")
        told = {command.id: command.description for command in COMMANDS}
        rows: dict[str, list[str]] = {}
        for key, command, does in self.keys:
            rows.setdefault(told.get(command or "", does), []).append(key_name(key))
        lines = tuple((", ".join(dict.fromkeys(keys)), does) for does, keys in rows.items() if does)
        return Section("Where you are", lines, about) if about or lines else None


def sections(first: Scope, focus: Focus = Focus(), keys_of: KeysOf = usual_keys) -> list[Section]:
    """Return all of the help, from what is nearest to what is farthest."""
    here = focus.section()
    near: list[Scope] = [first, "app"] if first != "app" else ["app"]
    scopes = (*near, *(scope for scope in SCOPE_TITLES if scope not in near))
    slash = sorted((command for command in COMMANDS if command.slash), key=lambda command: command.slash)
    return [
        *([here] if here else []),
        *(_scope(scope, keys_of) for scope in scopes[: len(near)]),
        Section("Slash words, typed in the chat's prompt", tuple(map(_slash_row, slash))),
        Section("Paradigms", tuple((choice.title, choice.description) for choice in mains())),
        Section(
            "Controls, for a fair comparison", tuple((each.title, each.description) for each in controls())
        ),
        Section("Figures", FIGURES),
        *(section for section in (_scope(scope, keys_of) for scope in scopes[len(near) :]) if section.rows),
    ]


def _scope(scope: Scope, keys_of: KeysOf) -> Section:
    return Section(SCOPE_TITLES[scope], tuple(_row(command, keys_of) for command in in_scope(scope)))


def _row(command: Command, keys_of: KeysOf) -> tuple[str, str]:
    keys = ", ".join(map(key_name, keys_of(command)))
    slash = f"/{command.slash}" if command.slash else ""
    palette = "palette" if command.palette else "–"
    return " ".join(part for part in (keys, slash) if part) or palette, command.description


def _slash_row(command: Command) -> tuple[str, str]:
    return f"/{command.slash} {command.argument}".strip(), command.description


def matching(found: Iterable[Section], query: str) -> list[Section]:
    """Return the sections with the lines alone that hold every word of the query."""
    words = query.lower().split()
    if not words:
        return list(found)
    kept = []
    for section in found:
        rows = tuple(
            row for row in section.rows if all(word in f"{row[0]} {row[1]}".lower() for word in words)
        )
        if rows:
            kept.append(replace(section, rows=rows, about=""))
    return kept


def as_content(found: Sequence[Section], version: str, width: int) -> Content:
    """Return sections as they are drawn in `width` cells: what a key does stays in its column."""
    parts: list[str | tuple[str, str]] = [(f"slmtui {version}".strip(), "bold"), "\n"]
    for section in found:
        parts.append((f"\n{section.title}\n", "bold underline"))
        parts += [f"{section.about}\n"] if section.about else []
        parts += [_line(pressed, does, max(width - KEYS, KEYS)) for pressed, does in section.rows]
    if not found:
        parts.append("\nNothing in the help holds these words.\n")
    return Content.assemble(*parts)


def _line(pressed: str, does: str, room: int) -> str:
    gap = " " * (KEYS - len(pressed)) if len(pressed) < KEYS else "\n" + " " * KEYS
    below = "\n" + " " * KEYS
    return f"{pressed}{gap}{below.join(wrap(does, room))}\n"
