"""Random texts of a grammar, every alternate as likely as another."""

from random import Random

from slmtui.engine.gbnf_parse import Alternate, Chars, Grammar, Ref, parse

# Where a class of characters allows these, they are tried more often: they are what parsers trip over.
_HARD = "<>[]{}()\"'\\/|=:, \n\tatrue1-é中😀"


def texts(gbnf: str, count: int, seed: int = 0) -> list[str]:
    """Return random texts that a grammar makes."""
    grammar, random = parse(gbnf), Random(seed)
    return [_text(grammar, random) for _ in range(count)]


def _text(grammar: Grammar, random: Random) -> str:
    made: list[str] = []
    waiting: list[Alternate] = [(Ref(grammar.root),)]
    while waiting:
        first, *rest = waiting.pop()
        if rest:
            waiting.append(tuple(rest))
        if isinstance(first, Ref):
            alternate = random.choice(grammar.rules[first.rule].alternates)
            waiting += [alternate] if alternate else []
        else:
            assert isinstance(first, Chars)
            made.append(_character(first, random))
    return "".join(made)


def _character(chars: Chars, random: Random) -> str:
    if not chars.negated and len(chars.ranges) == 1 and chars.ranges[0][0] == chars.ranges[0][1]:
        return chr(chars.ranges[0][0])
    hard = [sign for sign in _HARD if chars.matches(ord(sign))]
    if hard and (chars.negated or random.random() < 0.5):
        return random.choice(hard)
    low, high = random.choice(chars.ranges)
    return chr(random.randint(low, min(high, 0x2FFF)) if low <= 0x2FFF else low)
