"""The grammar of a format's calls, for use from a trigger on or for a whole output."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from agents.formats.format import CallFormat
from agents.formats.grammar_pairs import PairsGrammar
from agents.formats.patterns import escaped, literal, parts
from agents.formats.shape import shape_of
from agents.formats.spec import ToolSpec
from agents.schema_grammar import GrammarBuilder
from agents.string_grammar import literal as quoted

MAX_CALLS = 8
# As the strictest templates want identifiers.
ID_LENGTH = 9


@dataclass(frozen=True, slots=True)
class FormatGrammar:
    """A grammar in GBNF, and the texts with one of which its root begins."""

    gbnf: str
    triggers: tuple[str, ...]


def format_grammar(fmt: CallFormat, tools: Sequence[ToolSpec], *, parallel: bool = False) -> FormatGrammar:
    """Return the grammar of one call of one of `tools`, or with `parallel` of up to `MAX_CALLS`.

    What the prompt has written already is left out. Raises `ValueError`, which names the tool, where a
    tool's parameters have no grammar, and where there is no tool.
    """
    if not tools:
        raise ValueError("a call needs at least one tool")
    grammar = GrammarBuilder()
    several = parallel and fmt.several and (bool(fmt.section_open) or not shape_of(fmt).bare)
    calls = _Calls(grammar, fmt, tools, several=several)
    opening = fmt.section_open.lstrip()
    root = calls.rule("call", fmt.call) if opening else calls.rule("first", _first(fmt))
    root = f"{_quoted(opening)} {root}"
    if several:
        root += f" ({_quoted(fmt.separator)} {calls.rule('call', fmt.call)}){{0,{MAX_CALLS - 1}}}"
    grammar.rule("root", f"{root} {_quoted(fmt.section_close.rstrip())}".strip())
    return FormatGrammar(grammar.text(), _triggers(fmt, tools))


class _Calls:
    """The rules of calls: the arguments of a tool are written once, its call in each pattern."""

    def __init__(
        self, grammar: GrammarBuilder, fmt: CallFormat, tools: Sequence[ToolSpec], *, several: bool
    ) -> None:
        self._grammar, self._fmt = grammar, fmt
        self._numbers = {hole: "[0-9]" if several else f'"{n}"' for n, hole in enumerate(("index", "number"))}
        pairs = PairsGrammar(grammar, fmt.arguments)
        self._tools = [(tool, self._arguments(pairs, tool)) for tool in tools]
        self._rules: dict[str, str] = {}

    def rule(self, name: str, pattern: str) -> str:
        """Return the rule of a call in a pattern, of one of all tools."""
        if pattern not in self._rules:
            calls = [self._call(name, pattern, tool, arguments) for tool, arguments in self._tools]
            self._rules[pattern] = self._grammar.rule(name, " | ".join(calls))
        return self._rules[pattern]

    def _arguments(self, pairs: PairsGrammar, tool: ToolSpec) -> str:
        """Return the rule of a tool's arguments, empty where it has none to write."""
        try:
            if self._fmt.arguments.style == "pairs":
                expression = pairs.of(tool)
            else:
                expression = self._grammar.schema(tool.name, {"type": "object", **tool.parameters})
        except ValueError as error:
            raise ValueError(f"the tool {tool.name}: {error}") from error
        return self._grammar.rule(f"{tool.name}-arguments", expression) if expression else ""

    def _call(self, name: str, pattern: str, tool: ToolSpec, arguments: str) -> str:
        if self._fmt.empty and not arguments:
            pattern = self._fmt.empty
        spelled = json.dumps(tool.name, ensure_ascii=False)[1:-1] if self._fmt.kind == "json" else tool.name
        holes = self._numbers | {"name": quoted(spelled), "arguments": arguments, "id": self._identifier()}
        pieces = [piece for text, hole in parts(pattern) for piece in (_quoted(text), holes.get(hole, ""))]
        return self._grammar.rule(f"{tool.name}-{name}", " ".join(filter(None, pieces)))

    def _identifier(self) -> str:
        return f"[a-z0-9]{{{ID_LENGTH}}}"


def _first(fmt: CallFormat) -> str:
    """Return the pattern of a first call that no section opens, without what the prompt has written."""
    return fmt.call.lstrip().removeprefix(escaped(fmt.prompted))


def _triggers(fmt: CallFormat, tools: Sequence[ToolSpec]) -> tuple[str, ...]:
    """Return the texts at which a call begins: where it has no marker, what stands up to its name."""
    if fmt.prompted:
        middle = literal(_first(fmt).partition("{name}")[2])
        return tuple(f"{tool.name}{middle}" + "{" for tool in tools)
    if shape_of(fmt).bare:
        return (fmt.section_open + literal(fmt.call),)
    return shape_of(fmt).triggers[:1]


def _quoted(text: str) -> str:
    return quoted(text) if text else ""
