"""What is true of the rules of a grammar, and which of them llama.cpp could not live with.

llama.cpp looks for left recursion itself, but it walks every path anew (the time doubles with each
rule of a chain), recurses as deep as the rules go, and takes a rule for empty only where it has an
alternate with nothing in it. What it misses makes it loop, or ends its process.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from slmtui.engine.gbnf_parse import Alternate, Chars, Element, Grammar, Ref, Token
from slmtui.engine.gbnf_reader import GrammarError

MAX_DEPTH = 200
MAX_VISITS = 200_000

Holds = Callable[[Alternate, Collection[int]], bool]


def check_rules(grammar: Grammar) -> None:
    """Raise `GrammarError` for rules that recurse on the left, go too deep, never end, or misplace tokens."""
    empty = least(grammar, all_in)
    firsts = [_firsts(rule.alternates, empty) for rule in grammar.rules]
    _check_recursion(grammar, firsts)
    _check_root(grammar)
    _check_tokens(grammar, empty)


def least(grammar: Grammar, holds: Holds) -> set[int]:
    """Return the least set of rules in which each has an alternate that `holds`, given the set itself."""
    alternates = [(index, a) for index, rule in enumerate(grammar.rules) for a in rule.alternates]
    users: dict[int, set[int]] = defaultdict(set)
    for number, (_, alternate) in enumerate(alternates):
        for ref in _refs(alternate):
            users[ref].add(number)
    found: set[int] = set()
    todo = dict.fromkeys(range(len(alternates)))  # in order, and each once
    while todo:
        number = next(iter(todo))
        del todo[number]
        index, alternate = alternates[number]
        if index not in found and holds(alternate, found):
            found.add(index)
            todo |= dict.fromkeys(users[index])
    return found


def all_in(alternate: Alternate, rules: Collection[int]) -> bool:
    """Whether nothing but these rules stands in an alternate."""
    return all(isinstance(element, Ref) and element.rule in rules for element in alternate)


def _refs(alternate: Alternate) -> Iterator[int]:
    return (element.rule for element in alternate if isinstance(element, Ref))


def _firsts(alternates: tuple[Alternate, ...], empty: Collection[int]) -> list[int]:
    """Return the rules that may begin one of the alternates, as often as they do."""
    rules = []
    for alternate in alternates:
        for element in alternate:
            if not isinstance(element, Ref):
                break
            rules.append(element.rule)
            if element.rule not in empty:
                break
    return rules


def _check_recursion(grammar: Grammar, firsts: list[list[int]]) -> None:
    """Walk the rules that begin rules: no circle, no chain longer than the bound, not too many paths."""
    depth: dict[int, int] = {}
    visits: dict[int, int] = {}
    for start in range(len(firsts)):
        path = {start: iter(firsts[start])}
        while start not in depth:
            rule = next(reversed(path))
            below = next((r for r in path[rule] if r not in depth), None)
            if below is None:
                del path[rule]
                depth[rule] = 1 + max((depth[r] for r in firsts[rule]), default=0)
                visits[rule] = 1 + sum(visits[r] for r in firsts[rule])
            elif below in path:
                raise _left_recursion(grammar, list(path), below)
            else:
                path[below] = iter(firsts[below])
    for rule, deep in depth.items():
        if deep > MAX_DEPTH:
            name = grammar.rules[rule].name
            raise GrammarError(f"the rule {name} begins with a chain of more than {MAX_DEPTH} rules")
    if sum(visits.values()) > MAX_VISITS:
        raise GrammarError("its rules begin with each other in too many ways: write it with fewer choices")


def _left_recursion(grammar: Grammar, path: list[int], back: int) -> GrammarError:
    circle = [*path[path.index(back) :], back]
    names = [grammar.rules[rule].name for rule in circle]
    if any(grammar.rules[rule].loop for rule in circle):
        return GrammarError(
            f"in the rule {names[0]}, what is repeated without end may be empty, or begins with the rule"
        )
    shown = " → ".join(name for n, name in enumerate(names) if not n or names[n - 1] != name)
    return GrammarError(
        f"the rule {names[0]} begins with itself ({shown}): llama.cpp cannot follow left recursion; "
        "write the repetition with * or +"
    )


def _check_root(grammar: Grammar) -> None:
    if grammar.root not in least(grammar, _ends):
        raise GrammarError("the rule root never ends: each of its choices leads back to itself")
    if grammar.root not in least(grammar, _has_text):
        raise GrammarError("the rule root is empty: it must allow some text")


def _ends(alternate: Alternate, rules: Collection[int]) -> bool:
    return all(ref in rules for ref in _refs(alternate))


def _has_text(alternate: Alternate, rules: Collection[int]) -> bool:
    return any(not isinstance(element, Ref) or element.rule in rules for element in alternate)


def _check_tokens(grammar: Grammar, empty: Collection[int]) -> None:
    """Refuse a token literal after a character.

    One token of the model could then be taken for both, the character and what the literal names:
    llama.cpp lets it pass and throws when it is accepted, which ends the process.
    """
    first_token = least(grammar, lambda alternate, found: _meets(alternate, Token, found, empty))
    last_char = least(grammar, lambda alternate, found: _meets(reversed(alternate), Chars, found, empty))
    for rule in grammar.rules:
        for alternate in rule.alternates:
            after = False
            for element in alternate:
                if after and _meets([element], Token, first_token, empty):
                    raise GrammarError(
                        f"in the rule {rule.name} a token stands after a character: "
                        "a token can only stand first, or after another token"
                    )
                after = _meets([element], Chars, last_char, empty) or (after and all_in((element,), empty))


def _meets(
    elements: Iterable[Element],
    kind: type[Chars | Token],
    rules: Collection[int],
    empty: Collection[int],
) -> bool:
    """Whether the first of the elements that is not empty may be of a kind, itself or by one of the rules."""
    for element in elements:
        if isinstance(element, kind) or (isinstance(element, Ref) and element.rule in rules):
            return True
        if not (isinstance(element, Ref) and element.rule in empty):
            return False
    return False
