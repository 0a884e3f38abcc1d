"""Whether a text is one that a grammar makes, by trying every way: for short texts alone."""

from functools import cache

from slmtui.engine.gbnf_parse import Alternate, Chars, Ref, parse


def makes(grammar: str, text: str) -> bool:
    rules = parse(grammar)

    @cache
    def ends(rule: int, start: int) -> frozenset[int]:
        return frozenset(
            end for alternate in rules.rules[rule].alternates for end in after(alternate, {start})
        )

    def after(alternate: Alternate, starts: set[int]) -> set[int]:
        for element in alternate:
            if isinstance(element, Ref):
                starts = {end for start in starts for end in ends(element.rule, start)}
            else:
                assert isinstance(element, Chars)
                starts = {at + 1 for at in starts if at < len(text) and element.matches(ord(text[at]))}
        return starts

    return len(text) in ends(rules.root, 0)
