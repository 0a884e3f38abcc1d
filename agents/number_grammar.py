"""GBNF for numbers between two bounds, exactly: no number outside of them can be written."""

DIGITS = 15  # a float keeps every integer of so many digits
LARGEST = 10**DIGITS - 1
_FRACTION = '("." [0-9]{1,12})?'
_NO_FRACTION = '("." "0"{1,12})?'


def integers(low: int, high: int) -> str:
    """Return the expression of the integers from `low` to `high`, both within ±`LARGEST`.

    Raises `ValueError` where there is none.
    """
    if low > high:
        raise ValueError(f"there is no integer from {low} to {high}")
    choices = []
    if low < 0:
        choices.append(f'"-" {_natural(max(1, -high), -low)}')
    if high >= 0:
        choices.append(_natural(max(0, low), high))
    return _either(choices)


def numbers(low: int, high: int) -> str:
    """Return the expression of the decimal numbers from `low` to `high`, both within ±`LARGEST`.

    Raises `ValueError` where there is none.
    """
    if low > high:
        raise ValueError(f"there is no number from {low} to {high}")
    choices = []
    if low < 0:
        choices.append(f'"-" {_decimal(max(0, -high), -low)}')
    if high >= 0:
        choices.append(_decimal(max(0, low), high))
    return _either(choices)


def _decimal(low: int, high: int) -> str:
    """Return the decimals from `low` to `high`, neither negative: below `high`, any fraction is within."""
    last = f'"{high}" {_NO_FRACTION}'
    return last if low == high else f"({_natural(low, high - 1)} {_FRACTION} | {last})"


def _natural(low: int, high: int) -> str:
    """Return the integers from `low` to `high`, neither negative, by their number of digits."""
    choices = []
    full: list[int] = []  # the lengths of which every integer is in: one choice for them all
    for length in range(len(str(low)), len(str(high)) + 1):
        least, most = (10 ** (length - 1) if length > 1 else 0), 10**length - 1
        if low <= least and most <= high and length > 1:
            full.append(length)
        else:
            choices.append(_same_length(str(max(low, least)), str(min(high, most))))
    if full:
        choices.append(f"[1-9] [0-9]{{{full[0] - 1},{full[-1] - 1}}}")
    return _either(choices)


def _same_length(low: str, high: str) -> str:
    """Return the digits from `low` to `high`, which are of one length."""
    if low == high:
        return f'"{low}"' if low else ""
    rest = len(low) - 1
    zeros, nines = "0" * rest, "9" * rest
    if low[0] == high[0]:
        return f'"{low[0]}" {_same_length(low[1:], high[1:])}'
    first, last, choices = int(low[0]), int(high[0]), []
    if low[1:] != zeros:
        choices.append(f'"{first}" {_same_length(low[1:], nines)}')
        first += 1
    if high[1:] != nines:
        choices.append(f'"{last}" {_same_length(zeros, high[1:])}')
        last -= 1
    if first <= last:
        choices.append(f"[{first}-{last}]" + (f" [0-9]{{{rest}}}" if rest else ""))
    return _either(choices)


def _either(choices: list[str]) -> str:
    return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"
