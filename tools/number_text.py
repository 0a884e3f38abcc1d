"""A number as people write it: `0.3`, `10063`, `1.5e+20`; never `10063.0` or `0.30000000000000004`."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_FIXED_DIGITS = 15
_FIXED_PLACES = 9


def number_text(value: Fraction | float, *, digits: int = 10, after_point: int = 4) -> str:
    """Return a finite number as text.

    Exact whole numbers keep every digit. Others are rounded to `digits` significant digits, but never
    to fewer than `after_point` places after the point, and lose their trailing zeros.
    """
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)
    whole = len(str(abs(int(value))))
    wanted = max(digits, whole + after_point) if whole <= _FIXED_DIGITS else digits
    context = Context(prec=wanted, rounding=ROUND_HALF_EVEN)
    number = _decimal(value, context).normalize(context)
    if not number:
        return "0"
    return f"{number:f}" if -_FIXED_PLACES <= number.adjusted() < _FIXED_DIGITS else f"{number:e}"


def _decimal(value: Fraction | float, context: Context) -> Decimal:
    if isinstance(value, Fraction):
        return context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return context.plus(Decimal(value))
