"""Arithmetic as people and small models write it, turned into the Python expression that it means.

The rules, where what is written could mean two things:

- `%` is a modulo when an operand follows it (`17 % 5`, `17 % (2 + 3)`), otherwise a percent sign
  (`15% of 240`, `50% * 80`, `80 - 25%`), which comes out as the postfix `[percent]`. `!` becomes
  `[factorial]`: a subscript binds as tightly as these signs do, and cannot come from the text itself.
- A comma groups the digits of a number (`1,234.5`), except directly inside the brackets of a function
  of several arguments, where it separates them; mixing both there is refused.
- `x` is a multiplication sign wherever it is not part of a word; `^` is a power; `=` and `?` at the end
  and currency signs are left out; a number before a bracket or a name is multiplied by it.
"""

import re
from dataclasses import dataclass

from tools.plain_text import DASHES, quoted
from tools.registry import ToolError

FUNCTIONS = (
    "sqrt", "abs", "round", "min", "max", "floor", "ceil", "factorial", "comb",
    "log", "ln", "log10", "log2", "exp", "sin", "cos", "tan", "pow",
)  # fmt: skip
CONSTANTS = ("pi", "e")
MAX_CHARACTERS = 400
MAX_BRACKETS = 30

_SEVERAL_ARGUMENTS = frozenset({"min", "max", "round", "log", "pow", "comb"})
_MAX_EXPONENT_OF_TEN = 400
_WORDS = {
    "of": "*", "times": "*", "multiplied": "*", "plus": "+", "minus": "-", "divided": "/", "over": "/",
    "mod": "%", "modulo": "%", "by": "",
}  # fmt: skip
_CHARACTERS = {
    **{0xFF01 + offset: chr(0x21 + offset) for offset in range(94)},  # full-width ASCII
    **dict.fromkeys(map(ord, "\u00d7\u2715\u2716\u2217\u22c5\u00b7\u2219"), "*"),  # × ✕ ✖ ⋅ · and others
    **dict.fromkeys(map(ord, "\u00f7\u2215\u2044"), "/"),  # ÷ and slashes
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, "$€£¥₹`"), " "),
    ord("π"): " pi ",
    ord("²"): "^2",
    ord("³"): "^3",
}
_LATEX = (("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"), ("[", "("), ("]", ")"))
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+)(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)
      | (?P<operator>x(?![a-z])|percent(?![a-z])|\*\*|//|[-+*/^%!])
      | (?P<name>[a-z][a-z0-9]*)
      | (?P<bracket>[(),])
      | (?P<root>√)
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(slots=True)
class _Bracket:
    """An open bracket: of a function of several arguments? and the commas seen in it."""

    separates: bool
    spaced: bool = False
    grouping: bool = False

    def saw(self, *, spaced: bool = False, grouping: bool = False) -> None:
        self.spaced |= spaced
        self.grouping |= grouping
        if self.spaced and self.grouping:
            raise ToolError(
                "Write numbers without commas inside the brackets of a function: 1234, not 1,234."
            )


class _Writer:
    """Reads the tokens from left to right and writes the Python expression."""

    def __init__(self, text: str) -> None:
        self._rest = text
        self._parts: list[str] = []
        self._brackets: list[_Bracket] = []
        self._last_name = ""
        self._after_operand = False

    def source(self) -> str:
        while self._rest:
            match = _TOKEN.match(self._rest)
            if match is None:
                raise ToolError(f"Cannot read {quoted(self._rest, 20)}: write numbers and + - * / ^ % ( ).")
            self._rest = self._rest[match.end() :]
            self._read(match.lastgroup or "", match[match.lastgroup or 0])
        return " ".join(self._parts)

    def _read(self, kind: str, token: str) -> None:
        match kind:
            case "number":
                self._number(token)
            case "operator":
                self._operator(token)
            case "name":
                self._name(token)
            case "root":
                self._root()
            case _:
                self._bracket(token)

    def _write(self, part: str, *, operand: bool) -> None:
        self._parts.append(part)
        self._after_operand = operand
        self._last_name = ""

    def _number(self, token: str) -> None:
        if self._after_operand:
            raise ToolError(f"There is no sign before {quoted(token)}: write + - * or / between two numbers.")
        if "," in token and self._brackets and self._brackets[-1].separates:
            self._brackets[-1].saw(grouping=True)
            self._write(",".join(map(_canonical, token.split(","))), operand=True)
        else:
            self._write(_canonical(token.replace(",", "")), operand=True)

    def _operator(self, sign: str) -> None:
        if sign == "percent" or (sign == "%" and self._after_operand and not _starts_operand(self._rest)):
            self._write("[percent]", operand=True)
        elif sign == "!":
            self._write("[factorial]", operand=True)
        else:
            self._write({"x": "*", "^": "**"}.get(sign, sign), operand=False)

    def _name(self, token: str) -> None:
        if token in _WORDS:
            if _WORDS[token]:
                self._write(_WORDS[token], operand=False)
            return
        if token not in FUNCTIONS and token not in CONSTANTS:
            raise ToolError(f"{quoted(token)} is not known: write numbers only, without words or units.")
        if token in FUNCTIONS and not self._rest.startswith("("):
            raise ToolError(f"{token} needs brackets: {token}(...).")
        self._multiply()
        self._write(token, operand=token in CONSTANTS)
        self._last_name = token

    def _root(self) -> None:
        """Write a root sign as the function, of a bracket or of the number that follows."""
        self._multiply()
        self._rest = re.sub(r"^\s*(\d+(?:\.\d+)?)", r"(\1)", self._rest, flags=re.ASCII)
        self._write("sqrt", operand=False)

    def _bracket(self, sign: str) -> None:
        if sign == "(":
            function = self._last_name if self._last_name in FUNCTIONS else ""
            if not function:
                self._multiply()
            self._brackets.append(_Bracket(function in _SEVERAL_ARGUMENTS))
            if len(self._brackets) > MAX_BRACKETS:
                raise ToolError(f"More than {MAX_BRACKETS} brackets are open: write the expression in parts.")
            self._write("(", operand=False)
        elif not self._brackets:
            raise ToolError(_COMMA if sign == "," else "A bracket is closed that was not opened.")
        elif sign == ")":
            self._brackets.pop()
            self._write(")", operand=True)
        elif self._brackets[-1].separates:
            self._brackets[-1].saw(spaced=self._rest[:1].isspace())
            self._write(",", operand=False)
        else:
            raise ToolError(_COMMA)

    def _multiply(self) -> None:
        if self._after_operand:
            self._write("*", operand=False)


_COMMA = (
    "A comma only groups thousands (1,234) or separates arguments as in max(1, 2); decimals need a point."
)


def python_source(text: str) -> str:
    """Return the Python expression that a text means, in ASCII, on one line.

    It holds numbers, brackets, the operators of Python's arithmetic, names of `FUNCTIONS` and
    `CONSTANTS`, and the postfixes `[percent]` and `[factorial]`; it may still be malformed.
    Raises `ToolError` for anything else in the text.
    """
    if len(text) > MAX_CHARACTERS:
        raise ToolError(f"The expression is too long: {len(text)} characters; {MAX_CHARACTERS} are allowed.")
    text = text.translate(_CHARACTERS).lower()
    for written, meant in _LATEX:
        text = text.replace(written, meant)
    text = text.strip().rstrip("=?. \t\n").lstrip("= ")
    if "=" in text:
        raise ToolError("Write one expression to compute, without an = in it.")
    if re.search(r"(?<![\d.,])0[xbo]\d", text, re.ASCII):
        raise ToolError("Write decimal numbers, and a multiplication by 0 as 0 * 5.")
    if not text:
        raise ToolError("The expression is empty: write one such as 12 * (3 + 4).")
    return _Writer(text).source()


def _canonical(number: str) -> str:
    """Write a number as Python does: without leading zeros, with digits around its point."""
    mantissa, _, exponent = number.partition("e")
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > _MAX_EXPONENT_OF_TEN):
        raise ToolError(f"{quoted(number)} is too large or too small.")
    whole, point, places = mantissa.partition(".")
    whole = whole.lstrip("0") or "0"
    return whole + (f".{places or '0'}" if point else "") + (f"e{exponent}" if exponent else "")


def _starts_operand(rest: str) -> bool:
    """Does an operand stand first in what follows a `%`?"""
    first = re.match(r"\s*([a-z]+(?:10|2)?|[\d.(√])?", rest, re.ASCII)
    token = first[1] if first else None
    return token is not None and (not token[0].isalpha() or token in FUNCTIONS + CONSTANTS)
