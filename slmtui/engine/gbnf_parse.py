"""Reads GBNF as llama.cpp's own parser does (`llama-grammar.cpp`), and says in words what is wrong.

Groups and repetitions become rules of their own, the same ones that llama.cpp makes of them, so that
what is counted here is what the native code would build. Refused as well, though llama.cpp takes it:
a repetition with more at least than at most (it never comes to an end), one of more than 2000 times
(it becomes unbounded), an empty class, a range the wrong way round, a rule that is defined twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from slmtui.engine.gbnf_reader import GrammarError, Reader

MAX_CHARACTERS = 60_000
MAX_ELEMENTS = 60_000
MAX_NESTING = 60
MAX_REPEAT = 2000  # MAX_REPETITION_THRESHOLD in llama-grammar.cpp
_LAST_TOKEN = 2**31 - 1

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of inclusive ranges of code points, or, `negated`, one outside of them all."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def matches(self, code: int) -> bool:
        """Whether a code point is taken."""
        return any(low <= code <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the vocabulary by its id, or, `negated`, any other."""

    id: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """What another rule makes; `rule` is its index."""

    rule: int


Element = Chars | Token | Ref
Alternate = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its alternates, and the name of the written rule that it is, or was made for.

    A `loop` was made for a repetition without end.
    """

    name: str
    alternates: tuple[Alternate, ...]
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules by index, and the index of the one named root."""

    rules: tuple[Rule, ...]
    root: int


def parse(text: str, vocabulary: int | None = None) -> Grammar:
    """Return the rules of a grammar. `vocabulary` is the number of tokens that a token's id must be under.

    Raises `GrammarError`.
    """
    if len(text) > MAX_CHARACTERS:
        raise GrammarError(f"it is {len(text)} characters long, more than {MAX_CHARACTERS}: make it shorter")
    return _Parser(text, vocabulary).grammar()


@dataclass
class _Sequence:
    """What stands between two bars: its elements, where the last item begins, and what that one weighs.

    `made` is llama.cpp's count of the rules that repeating the last item would repeat.
    """

    elements: list[Element] = field(default_factory=list)
    last: int = 0
    made: int = 1

    def add(self, item: list[Element], made: int = 1) -> None:
        self.last = len(self.elements)
        self.elements += item
        self.made = made


class _Parser:
    def __init__(self, text: str, vocabulary: int | None) -> None:
        self._reader = Reader(text)
        self._vocabulary = vocabulary
        self._names: list[str] = []
        self._ids: dict[str, int] = {}
        self._used: dict[int, int] = {}
        self._rules: dict[int, Rule] = {}
        self._elements = 0
        self._nesting = 0

    def grammar(self) -> Grammar:
        reader = self._reader
        reader.space(newlines=True)
        while reader.peek():
            self._rule()
        for rule, at in self._used.items():
            if rule not in self._rules:
                raise reader.error(f"no rule is named {self._names[rule]}", at)
        if "root" not in self._ids:
            raise GrammarError("no rule is named root: the rule to begin with must have that name")
        return Grammar(tuple(self._rules[n] for n in range(len(self._names))), self._ids["root"])

    def _rule(self) -> None:
        reader = self._reader
        start = reader.at
        name = reader.run(_WORD)
        if not name:
            raise reader.error(f"a rule begins with its name (letters, digits, -), but {reader.found()}")
        reader.space(newlines=False)
        reader.take("::=", f"::= must follow the name {name}")
        rule = self._named(name)
        if rule in self._rules:
            raise reader.error(f"the rule {name} is defined twice", start)
        reader.space(newlines=True)
        self._alternates(name, rule)
        if reader.peek() not in {"", "\r", "\n"}:
            raise reader.error(f"the rule {name} should end with its line, but {reader.found()}")
        reader.space(newlines=True)

    def _named(self, name: str) -> int:
        if name not in self._ids:
            self._ids[name] = self._new(name)
        return self._ids[name]

    def _new(self, name: str) -> int:
        self._names.append(name)
        return len(self._names) - 1

    def _alternates(self, name: str, rule: int) -> None:
        alternates = [self._sequence(name)]
        while self._reader.peek() == "|":
            self._reader.at += 1
            self._reader.space(newlines=True)
            alternates.append(self._sequence(name))
        self._rules[rule] = Rule(name, tuple(alternates))

    def _sequence(self, name: str) -> Alternate:
        sequence = _Sequence()
        while (character := self._reader.peek()) and character not in "|)\r\n":
            if character in "*+?{":
                self._repeat(name, sequence)
            else:
                self._item(name, character, sequence)
            self._reader.space(newlines=self._nesting > 0)
        return tuple(sequence.elements)

    def _item(self, name: str, character: str, sequence: _Sequence) -> None:
        readers: dict[str, Callable[[], list[Element]]] = {
            '"': self._text,
            "[": self._class,
            "<": self._token,
            "!": self._token,
        }
        if character in readers:
            sequence.add(readers[character]())
            self._count(len(sequence.elements) - sequence.last)
        elif character == "(":
            known = len(self._names)
            group = self._group(name)
            sequence.add([Ref(group)], len(self._names) - known)
        elif character == ".":
            self._reader.at += 1
            sequence.add([Chars((), negated=True)])
        elif character in _WORD:
            sequence.add([self._reference()])
        else:
            raise self._reader.error(f"{character!r} cannot stand here: put texts in double quotes")
        self._count(1)

    def _text(self) -> list[Element]:
        start = self._reader.at
        self._reader.at += 1
        elements: list[Element] = []
        while self._reader.peek() != '"':
            if not self._reader.peek():
                raise self._reader.error("the double quote that opens here is never closed", start)
            code = self._reader.code_point()
            elements.append(Chars(((code, code),)))
        self._reader.at += 1
        return elements

    def _class(self) -> list[Element]:
        reader = self._reader
        start = reader.at
        negated = reader.peek(1) == "^"
        reader.at += 1 + negated
        ranges: list[tuple[int, int]] = []
        while reader.peek() != "]":
            if not reader.peek():
                raise reader.error("the [ that opens here is never closed", start)
            ranges.append(self._range())
        if not ranges:
            raise reader.error("a class must name at least one character", start)
        reader.at += 1
        self._count(2 * len(ranges))
        return [Chars(tuple(ranges), negated)]

    def _range(self) -> tuple[int, int]:
        reader = self._reader
        start = reader.at
        low = reader.code_point()
        if reader.peek() != "-" or reader.peek(1) in {"]", ""}:
            return low, low
        reader.at += 1
        high = reader.code_point()
        if high < low:
            raise reader.error("this range ends before it begins", start)
        return low, high

    def _token(self) -> list[Element]:
        reader = self._reader
        negated = reader.peek() == "!"
        reader.at += negated
        start = reader.at
        reader.take("<", "a token such as <[42]> must follow the !")
        reader.take("[", "write a token by its number, <[42]>")
        token = reader.number("a token's number must stand here")
        if token > _LAST_TOKEN or (self._vocabulary is not None and token >= self._vocabulary):
            raise reader.error(f"the model has no token {token}", start)
        reader.take("]>", "]> must follow a token's number")
        return [Token(token, negated)]

    def _reference(self) -> Ref:
        start = self._reader.at
        rule = self._named(self._reader.run(_WORD))
        self._used.setdefault(rule, start)
        return Ref(rule)

    def _group(self, name: str) -> int:
        reader = self._reader
        start = reader.at
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise reader.error(f"more than {MAX_NESTING} brackets are open: give a part its own rule", start)
        reader.at += 1
        reader.space(newlines=True)
        rule = self._new(name)
        self._alternates(name, rule)
        if reader.peek() != ")":
            raise reader.error("the ( that opens here is never closed", start)
        reader.at += 1
        self._nesting -= 1
        return rule

    def _repeat(self, name: str, sequence: _Sequence) -> None:
        start = self._reader.at
        low, high = self._times()
        item = sequence.elements[sequence.last :]
        if not item:
            raise self._reader.error("there is nothing before this to repeat", start)
        times = high or low or 1
        if sequence.made * times > MAX_REPEAT:
            raise self._reader.error(f"this repeats more than {MAX_REPEAT} rules", start)
        optional = 1 if high is None else high - low
        self._count((len(item) + 2) * optional + len(item) * low)
        sequence.made *= times
        sequence.elements[sequence.last :] = item * low
        if optional:
            sequence.elements.append(self._up_to(name, tuple(item), optional, endless=high is None))

    def _up_to(self, name: str, item: Alternate, times: int, *, endless: bool) -> Ref:
        """Return the rule for up to so many items: S1 ::= item |, S2 ::= item S1 |, and so on."""
        tail: Alternate = ()
        for _ in range(times):
            rule = Ref(self._new(name))
            if endless:
                tail = (rule,)
            self._rules[rule.rule] = Rule(name, ((*item, *tail), ()), loop=endless)
            tail = (rule,)
        return rule

    def _times(self) -> tuple[int, int | None]:
        """Return how often at least, and at most or None, for one of * + ? {n} {n,} {n,m}."""
        reader = self._reader
        start = reader.at
        reader.at += 1
        if self._reader.peek(-1) != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[reader.peek(-1)]
        low, high = self._braces()
        if low > MAX_REPEAT or (high or 0) > MAX_REPEAT:
            raise reader.error(f"nothing can be repeated more than {MAX_REPEAT} times", start)
        if high is not None and high < low:
            raise reader.error(f"at least {low} and at most {high} times: no number is both", start)
        return low, high

    def _braces(self) -> tuple[int, int | None]:
        reader, nested = self._reader, self._nesting > 0
        reader.space(newlines=nested)
        low = high = reader.number("a number must follow the {")
        reader.space(newlines=nested)
        if reader.peek() != ",":
            reader.take("}", "} or a comma must follow the number")
            return low, high
        reader.at += 1
        reader.space(newlines=nested)
        most = reader.number("a number or } must follow the comma") if reader.peek() != "}" else None
        reader.space(newlines=nested)
        reader.take("}", "} must close what { opened")
        return low, most

    def _count(self, elements: int) -> None:
        self._elements += elements
        if self._elements > MAX_ELEMENTS:
            raise self._reader.error(f"with repetitions it comes to more than {MAX_ELEMENTS} elements")
