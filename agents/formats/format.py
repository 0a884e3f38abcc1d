"""The description of how a model writes tool calls and thoughts: plain data, found out by `detect`.

Patterns are texts with holes in braces, as `str.format` has them; braces that stand for themselves are
doubled. `{name}` is the tool's name, `{arguments}` all arguments, `{id}` an identifier, `{index}` the
call's number from 0 on and `{number}` from 1 on; in a pair `{key}`, `{value}` and `{type}`.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["json", "marked", "tagged", "python", "generic"]
Style = Literal["json", "text", "pairs"]
Spelling = Literal["json", "python", "raw", "quoted", "nested"]
JsonType = Literal["string", "integer", "number", "boolean", "null", "array", "object"]


@dataclass(frozen=True, slots=True)
class Arguments:
    """How the arguments of a call are written: one JSON object, the same inside a JSON string, or pairs.

    For pairs: `pair` is the pattern of one and `separator` stands between two. `spelling` says by JSON
    type how a value is written, `types` what stands in the pair's `{type}`. `quote` encloses strings
    that are `quoted`; `item` is the key of an array's items where values are `nested` pairs.
    """

    style: Style = "json"
    pair: str = ""
    separator: str = ""
    spelling: tuple[tuple[JsonType, Spelling], ...] = ()
    types: tuple[tuple[JsonType, str], ...] = ()
    quote: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a call's parts lie in its JSON object: keys, from the outside in.

    Without a `name` the call is an object with one key, the tool's name, and its arguments as the value.
    """

    name: tuple[str, ...] = ("name",)
    arguments: tuple[str, ...] = ("arguments",)
    id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """How a tool's result goes back: its message's role, and whether that needs the tool's name or an id."""

    role: str = "tool"
    name: bool = False
    id: bool = False


@dataclass(frozen=True, slots=True)
class Reasoning:
    """How thoughts are marked; without `close` they are not. `assumed` marks are not the template's own.

    `lead` is prose by which the prompt opens the thoughts: it is a part of them. `opened` says that the
    prompt for the next answer already opens them by default, `opened_on` and `opened_off` when switched.
    `field` is the message's key from which the template writes earlier thoughts. `switch` is the
    template's variable for thinking, with its values `on` and `off`.
    """

    open: str = ""
    close: str = ""
    lead: str = ""
    assumed: bool = False
    opened: bool = False
    opened_on: bool = False
    opened_off: bool = False
    field: str = ""
    switch: str = ""
    on: bool | str | None = None
    off: bool | str | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """How the template is told of tools: the variable, as a list or as JSON text; none without `variable`.

    `extra` names further variables that the template cannot do without, given as an empty text.
    """

    variable: str = ""
    form: Literal["list", "text"] = "list"
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands around the answer itself, and between the parts of one message.

    `header` begins a message, and may be written again; `end` ends one, where that is more than a token.
    """

    open: str = ""
    close: str = ""
    header: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class CallFormat:
    """How a model writes calls: `section_open`, then each `call` with `separator` between, `section_close`.

    `empty` is the pattern of a call without arguments where it differs. `prompted` is the part of an
    opening that the prompt for the next answer already ends with. `several` says that the template
    writes more than one call in a message. `dict_arguments` says that the template wants arguments as
    an object, else as JSON text; `null_content` that a message of calls needs its content to be None.
    `stop` ends a message of calls. `guessed` says that the template writes no calls, so that the format
    was found from what it tells the model alone.
    """

    kind: Kind
    call: str
    section_open: str = ""
    section_close: str = ""
    separator: str = ""
    empty: str = ""
    arguments: Arguments = Arguments()
    fields: Fields = Fields()
    prompted: str = ""
    several: bool = True
    dict_arguments: bool = True
    null_content: bool = False
    stop: str = ""
    guessed: bool = False
    results: Results = Results()
    reasoning: Reasoning = Reasoning()
    tools: Tools = Tools()
    answer: Answer = Answer()


GENERIC = CallFormat(
    kind="generic",
    call='{{"tool": "{name}", "arguments": {arguments}}}',
    separator="\n",
    fields=Fields(name=("tool",)),
    results=Results(role="user"),
    reasoning=Reasoning("<think>", "</think>", assumed=True),
)
"""Our own format, for templates that know no tools: a JSON object, as `agents.grammar` writes it."""
