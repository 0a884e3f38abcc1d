"""Is a grammar (GBNF) one that llama.cpp can be given?

llama.cpp answers a bad grammar with a null pointer, with a stack that overflows, with an endless loop
or with the end of its process. So every grammar is checked here before it is compiled. What is
refused is all that llama.cpp refuses, all that is known to hurt it, and a little that is only odd.
"""

from functools import lru_cache

from slmtui.engine.gbnf_parse import parse
from slmtui.engine.gbnf_reader import GrammarError
from slmtui.engine.gbnf_rules import check_rules
from slmtui.engine.gbnf_search import check_search

__all__ = ["GrammarError", "check"]


@lru_cache(maxsize=64)
def check(grammar: str, vocabulary: int | None = None) -> None:
    """Raise `GrammarError` for a grammar that llama.cpp would refuse, or be hurt by.

    `vocabulary` is the model's number of tokens: token literals (`<[42]>`) must be under it.
    """
    rules = parse(grammar, vocabulary)
    check_rules(rules)
    check_search(rules)
