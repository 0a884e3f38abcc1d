"""Arithmetic over a whitelist of Python's syntax tree, with every limit checked before it is computed.

Numbers are exact fractions as long as they can be, so 0.1 + 0.2 is 0.3 and 1/3*3 is 1; roots that do
not come out even, logarithms, trigonometry (in radians) and broken powers give floats.
"""

import ast
import math
import operator
from collections.abc import Callable
from fractions import Fraction

from tools.registry import ToolError

Number = Fraction | float

MAX_BITS = 2048
MAX_DEPTH = 120
MAX_FACTORIAL = 170
MAX_COMB = 1000
MAX_PLACES = 100

_CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(source: str) -> Number:
    """Return the value of an expression written by `tools.expression.python_source`.

    Raises `ToolError`, which says what is wrong, for anything that is not arithmetic, has no value,
    or is larger than `MAX_BITS` allow.
    """
    try:
        return _value(ast.parse(source, mode="eval").body, source, 0)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ToolError("The expression cannot be read: check its signs and brackets.") from error


def _value(node: ast.expr, source: str, depth: int) -> Number:
    if depth > MAX_DEPTH:
        raise ToolError("The expression is nested too deeply: write it in parts.")
    match node:
        case ast.Constant():
            return Fraction(source[node.col_offset : node.end_col_offset])
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
            value = _value(inner, source, depth + 1)
            return -value if isinstance(sign, ast.USub) else value
        case ast.Subscript(value=inner, slice=ast.Name(id="percent" | "factorial" as name)):
            return _apply(name, [_value(inner, source, depth + 1)])
        case ast.BinOp(left=left, op=op, right=right):
            base = _value(left, source, depth + 1)
            other = _value(right, source, depth + 1)
            if isinstance(op, ast.Add | ast.Sub) and _is_percent(right) and not _is_percent(left):
                other = _checked(operator.mul, base, other)  # 80 - 25% takes 25% of the 80
            return _operate(op, base, other)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _apply(name, [_value(argument, source, depth + 1) for argument in arguments])
    raise ToolError("The expression cannot be read: write numbers, + - * / ^ % and brackets only.")


def _is_percent(node: ast.expr) -> bool:
    match node:
        case ast.Subscript(slice=ast.Name(id="percent")):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _is_percent(left) and _is_percent(right)
    return False


def _operate(op: ast.operator, left: Number, right: Number) -> Number:
    if isinstance(op, ast.Pow):
        return _checked(_power, left, right)
    if type(op) not in _OPERATIONS:
        raise ToolError("Only + - * / // % and ^ can be computed.")
    return _checked(_OPERATIONS[type(op)], left, right)


def _checked(function: Callable[..., Number], *numbers: Number) -> Number:
    """Compute a function of numbers that are small enough together, and see that it has a value."""
    if sum(map(_bits, numbers)) > MAX_BITS:
        raise ToolError("The numbers are too large to compute with.")
    try:
        result = function(*numbers)
    except ZeroDivisionError as error:
        raise ToolError("Division by zero has no value.") from error
    except OverflowError as error:
        raise ToolError("The result is too large.") from error
    except ValueError as error:
        raise ToolError("This has no real value: the argument is outside the function's range.") from error
    if isinstance(result, float) and not math.isfinite(result):
        raise ToolError("The result is too large.")
    return result


def _bits(number: Number) -> int:
    if isinstance(number, float):
        return 64
    return number.numerator.bit_length() + number.denominator.bit_length()


def _whole(number: Number, largest: int, what: str) -> int:
    if number != int(number) or not 0 <= number <= largest:
        raise ToolError(f"{what} takes a whole number from 0 to {largest}.")
    return int(number)


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        if base not in {-1, 0, 1} and _bits(base) * abs(exponent.numerator) > MAX_BITS:
            raise ToolError("The power is too large to compute.")
        return Fraction(base ** (exponent.numerator if abs(base) != 1 else exponent.numerator % 2))
    if exponent == Fraction(1, 2):
        return _sqrt(base)
    return math.pow(base, exponent)


def _sqrt(number: Number) -> Number:
    if isinstance(number, Fraction) and number >= 0:
        top, bottom = math.isqrt(number.numerator), math.isqrt(number.denominator)
        if Fraction(top * top, bottom * bottom) == number:
            return Fraction(top, bottom)
    return math.sqrt(number)


def _round(number: Number, places: Number = Fraction(0)) -> Number:
    """Round halves away from zero, as people do; Python itself rounds them to even."""
    exact = Fraction(number) if isinstance(number, Fraction) else Fraction(repr(number))
    scale = 10 ** _whole(places, MAX_PLACES, "The second argument of round")
    return Fraction(math.floor(abs(exact) * scale + Fraction(1, 2)), scale) * (1 if exact >= 0 else -1)


def _factorial(number: Number) -> Number:
    return Fraction(math.factorial(_whole(number, MAX_FACTORIAL, "factorial")))


def _comb(total: Number, chosen: Number) -> Number:
    return Fraction(math.comb(_whole(total, MAX_COMB, "comb"), _whole(chosen, MAX_COMB, "comb")))


def _log(number: Number, base: Number = math.e) -> Number:
    return math.log(number) if base == math.e else math.log(number) / math.log(base)


def _circular(function: Callable[[float], float]) -> Callable[[Number], Number]:
    """Round off the last bits, so that sin(pi) is 0 and not 1.2e-16."""
    return lambda number: round(function(float(number)), 14)


def _tan(number: Number) -> Number:
    if abs(math.cos(number)) < 1e-14:
        raise ToolError("tan has no value there.")
    return round(math.tan(number), 14)


_OPERATIONS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda left, right: Fraction(left // right),
    ast.Mod: operator.mod,
}

# A function, and the fewest and most arguments it takes.
_FUNCTIONS: dict[str, tuple[Callable[..., Number], int, int]] = {
    "sqrt": (_sqrt, 1, 1),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
    "min": (lambda *numbers: min(numbers), 1, 100),
    "max": (lambda *numbers: max(numbers), 1, 100),
    "floor": (lambda number: Fraction(math.floor(number)), 1, 1),
    "ceil": (lambda number: Fraction(math.ceil(number)), 1, 1),
    "factorial": (_factorial, 1, 1),
    "percent": (lambda number: number / 100, 1, 1),
    "comb": (_comb, 2, 2),
    "log": (_log, 1, 2),
    "ln": (_log, 1, 1),
    "log10": (math.log10, 1, 1),
    "log2": (math.log2, 1, 1),
    "exp": (math.exp, 1, 1),
    "sin": (_circular(math.sin), 1, 1),
    "cos": (_circular(math.cos), 1, 1),
    "tan": (_tan, 1, 1),
    "pow": (_power, 2, 2),
}


def _apply(name: str, arguments: list[Number]) -> Number:
    function, fewest, most = _FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        takes = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise ToolError(f"{name} takes {takes} numbers, not {len(arguments)}.")
    return _checked(function, *arguments)
