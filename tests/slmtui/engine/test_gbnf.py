"""What `check` accepts must compile and be followed without harm; what could do harm is refused in words."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.examples import NO_TOOL
from agents.grammar import TEXT_GRAMMAR, call_grammar, json_value_grammar, object_grammar
from slmtui.engine.gbnf import GrammarError, check
from tests.models import vocabulary
from tests.slmtui.engine.grammar_probe import Probe
from tests.slmtui.engine.grammar_texts import broken, whole
from tests.slmtui.engine.schemas import SCHEMAS
from tools.toolbox import standard_tools

TOOLS = standard_tools(now=lambda: datetime.datetime(2026, 1, 2), notes=None)
FUZZED = 1000

# The two of llama.cpp's own examples that people begin with.
JSON = r"""
root   ::= object
value  ::= object | array | string | number | ("true" | "false" | "null") ws
object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
array  ::= "[" ws ( value ("," ws value)* )? "]" ws
string ::=
  "\"" ( [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\"" ws # escapes
number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
ws ::= | " " | "\n" [ \t]{0,20}
"""
ARITHMETIC = r"""root  ::= (expr "=" ws term "\n")+
expr  ::= term ([-+*/] term)*
term  ::= ident | num | "(" ws expr ")" ws
ident ::= [a-z] [a-z0-9_]* ws
num   ::= [0-9]+ ws
ws    ::= [ \t\n]*
"""

OURS = [
    call_grammar(TOOLS, also=(NO_TOOL,)),
    call_grammar(TOOLS, or_text=True),
    TEXT_GRAMMAR,
    *(json_value_grammar(depth) for depth in range(5)),
    *map(object_grammar, SCHEMAS),
]
GOOD = [
    *(JSON, ARITHMETIC, *OURS),
    'root ::= "a"',
    '\n # first\n\nroot ::=\n  "a" |\n  # second\n  b # third\r\n\r\nb ::= "b"\rc ::= ',
    'root ::= ( "a"\n | "b"\n)+ "c"',
    r'root ::= "\x41\u00e9\U0001F600\t\r\n\\\"\[\]\-" [\]\-\\a-z-] [^^-] [-a] [a^] "é😀" [é-😀]',
    'root ::= "a"{2} "b"{0,3} "c"{ 1 , } "d"{0} ("e" | "f"?){2}{3} . "g"*',
    'root ::= "(" root ")" | "x" root | ""',
    'root ::= <[3]> !<[4]>* (<[5]> | "") "x"+',
    "root ::= [a-z]{0,2000}",
    "root ::= " + "(" * 60 + '"a"' + ")" * 60,
    "root ::= " + " | ".join(f'"choice {n}"' for n in range(300)),
]


def chain(length: int, body: str) -> str:
    """Rules of which each begins with the next."""
    rules = "".join(f"r{n} ::= {body.format(n + 1)}\n" for n in range(length))
    return f'{rules}r{length} ::= "z"\nroot ::= "a"'


NOT_FOLLOWED = "read in too many ways"
BAD = [
    ("", "no rule is named root"),
    ("# nothing\n", "no rule is named root"),
    ('Root ::= "a"', "no rule is named root"),
    ("root ::= ", "the rule root is empty"),
    ('root ::= "" | a\na ::= ""', "the rule root is empty"),
    ('root ::= "a" root', "root never ends"),
    ('root ::= "a"\nroot ::= "b"', "line 2, column 1: the rule root is defined twice"),
    ('root ::= "a" b', "line 1, column 14: no rule is named b"),
    ('root = "a"', "line 1, column 6: ::= must follow the name root, but '=' stands here"),
    ('root ::= "a"\nmy_rule ::= "b"', "line 2, column 3: ::= must follow the name my, but '_' stands here"),
    ("root ::= (", "column 10: the ( that opens here is never closed"),
    ('root ::= "a")', "the rule root should end with its line, but ')' stands here"),
    ('root ::= "a" b ::= "c"', "':' cannot stand here"),
    ("root ::= 'a'", "put texts in double quotes"),
    ('root ::= "a', "column 10: the double quote that opens here is never closed"),
    ("root ::= [a-z", "column 10: the [ that opens here is never closed"),
    ("root ::= [a-", "column 10: the [ that opens here is never closed"),
    ("root ::= []", "at least one character"),
    ("root ::= [^]", "at least one character"),
    ("root ::= [z-a]", "column 11: this range ends before it begins"),
    (r'root ::= "\d"', r"column 11: there is no escape \d"),
    (r'root ::= "\u12"', "4 hexadecimal digits"),
    (r'root ::= "\UFFFFFFFF"', "no character above U+10FFFF"),
    ('root ::= "a\\', "there is no escape"),
    ('root ::= "\0"', "column 11: the character U+0000 cannot stand"),
    ('root ::= "\ud800"', "the character U+D800 cannot stand"),
    ("root ::= *", "nothing before this to repeat"),
    ('root ::= "a" | +', "nothing before this to repeat"),
    ('root ::= "a"{0}*', "nothing before this to repeat"),
    ('root ::= "a"{x}', "a number must follow the {, but 'x' stands here"),
    ('root ::= "a"{1;2}', "} or a comma must follow the number"),
    ('root ::= "a"{1,x}', "a number or } must follow the comma"),
    ('root ::= "a"{1,2', "} must close what { opened, but the grammar ends here"),
    ('root ::= "a"{3,2}', "at least 3 and at most 2 times"),
    ('root ::= "a"{1,0}', "at least 1 and at most 0 times"),
    ('root ::= "a"{2001}', "more than 2000 times"),
    ('root ::= "a"{0,2001}', "more than 2000 times"),
    ('root ::= "a"{99999999999999999999}', "too large"),
    ('root ::= "a"{50}{50}', "repeats more than 2000 rules"),
    ('root ::= ("a"{0,100} "b"){40}', "repeats more than 2000 rules"),
    ('root ::= "' + "a" * 100 + '"{1000}', "more than 60000 elements"),
    ('root ::= "' + "a" * 60_000 + '"', "more than 60000: make it shorter"),
    ("root ::= " + "(" * 61 + '"a"' + ")" * 61, "more than 60 brackets are open"),
    ("root ::= " + "(" * 50_000, "more than 60 brackets are open"),
    ('root ::= root "a" | "b"', "the rule root begins with itself (root)"),
    ('root ::= a | "x"\na ::= b "y"\nb ::= root', "(root → a → b → root)"),
    ('root ::= a root "y" | "x"\na ::= b\nb ::= ""', "the rule root begins with itself"),
    ('root ::= "x"? root | "y"', "the rule root begins with itself"),
    ('root ::= ("a"?)*', "what is repeated without end may be empty"),
    ('root ::= "x" | a\na ::= ("b"*)+', "in the rule a, what is repeated without end may be empty"),
    (chain(1000, 'r{0} | ""'), "a chain of more than"),
    (chain(60, "r{0} | r{0}"), "begin with each other in too many ways"),
    ('root ::= "a" root "b" | "a" root "c" | "d"', NOT_FOLLOWED),
    ('root ::= [x]* "(" ("a" | "a")* "b"', NOT_FOLLOWED),
    ('root ::= ([a-z]+ " "?)+', NOT_FOLLOWED),
    ('root ::= [^a]{0,120} b{40}\nb ::= [^a-c]{2,5}', NOT_FOLLOWED),
    ("root ::= " + " | ".join(f'"x{n}"' for n in range(3000)), NOT_FOLLOWED),
    ("root ::= <think>", "write a token by its number"),
    ("root ::= !a", "must follow the !"),
    ("root ::= <[x]>", "a token's number must stand here"),
    ("root ::= <[5>", "]> must follow a token's number"),
    ("root ::= <[100000]>", "column 10: the model has no token 100000"),
    ('root ::= "h" !<[0]>', "a token stands after a character"),
    ('root ::= a "" b?\na ::= <[1]> | "x"*\nb ::= "" <[2]>', "in the rule root a token stands after"),
]  # fmt: skip


@pytest.fixture(scope="module")
def probe(tiny_model: Path) -> Iterator[Probe]:
    probe = Probe(tiny_model)
    yield probe
    probe.close()


@pytest.mark.parametrize("grammar", GOOD, ids=range(len(GOOD)))
def test_good_grammars_pass_and_compile(grammar: str, probe: Probe) -> None:
    check(grammar, vocabulary=len(vocabulary()))
    assert probe.compiles(grammar)


@pytest.mark.parametrize(("grammar", "words"), BAD, ids=[words[:40] for _, words in BAD])
def test_bad_grammars_are_refused_in_words(grammar: str, words: str) -> None:
    with pytest.raises(GrammarError) as refused:
        check(grammar, vocabulary=len(vocabulary()))
    assert words in str(refused.value)
    assert len(str(refused.value)) < 300


def test_without_a_vocabulary_any_token_may_be_named() -> None:
    check("root ::= <[100000]>")
    with pytest.raises(GrammarError, match="no token"):
        check("root ::= <[99999999999]>")


def test_the_probe_sees_what_llama_cpp_refuses_and_what_ends_it(probe: Probe) -> None:
    assert not probe.compiles("root ::= (")
    with pytest.raises(AssertionError, match="ended with status"):
        probe.compiles('root ::= ("h" !<[0]>)+')
    assert probe.compiles('root ::= "a"')


def test_whatever_is_accepted_compiles_and_can_be_followed(probe: Probe) -> None:
    accepted = 0
    for seed in range(FUZZED):
        draw = random.Random(seed)
        grammar = draw.choice((whole, broken))(draw.choice)
        try:
            check(grammar, vocabulary=len(vocabulary()))
        except GrammarError:
            continue
        assert probe.compiles(grammar), f"llama.cpp refuses {grammar!r}"
        accepted += 1
    assert FUZZED // 10 < accepted < FUZZED // 2
