"""Grammar texts at random: ones that are meant well, and ones with something broken in them.

Every choice is made by a `Choose`, such as the `choice` of a `random.Random`.
"""

from collections.abc import Callable, Sequence

Choose = Callable[[Sequence[str]], str]

NAMES = ("root", "a", "b", "c-1", "long-name")
TERMINALS = (
    *('"x"', '"ab"', '"\\"\\n"', '"é"', '"\U0001f600y"', "[a-c]", "[^a-c]", "[ab-]", "[^^]", "[a^]", "."),
    *(r"[^\]\\\"]", "[é-ü]", r"[\x00-\x1F]", "[-a]", r"[\u00e9\U0001F600]", '"x"', '"y"'),
)
TOKENS = ("<[3]>", "!<[3]>", "<[271]>", "!<[0]>", "!<[120]>")
TIMES = ("", "", "", "", "*", "+", "?", "{2}", "{0,3}", "{1,}", "{ 2 , 5 }", "{0}", "{40}", "{0,120}")
LINE_ENDS = ("\n", "\n", "\r\n", "\r", "\n\n", " # a comment\n")
BROKEN_PIECES = (
    *('"', "[", "]", "(", ")", "|", "*", "+", "?", "{", "}", "<", ">", "!", ".", "^", "-", ":", "=", "#"),
    *("\\", "\n", "\t", " ", "0", "x", "::=", "root ", " a ", " b ", "{2,}", "{3,1}", "{0,2001}", '""', "[]"),
    *("\\x", "\\u12", "<[3]>", "!<[999]>", "<think>", "é", "\U0001f600", "\0", "\ud800", "(" * 70, "|"),
)
BREAKS = ("delete", "insert", "insert", "swap", "rename", "cut")


def whole(choose: Choose) -> str:
    """A grammar with a rule for each name, of the right form, if not always one that llama.cpp can follow."""
    return "".join(
        f"{name} ::= {_alternates(choose, NAMES[n + 1 :], 2)}{choose(LINE_ENDS)}"
        for n, name in enumerate(NAMES)
    )


def broken(choose: Choose) -> str:
    """A grammar with characters taken out, put in, swapped, cut off, or a rule renamed."""
    text = whole(choose)
    for _ in range(int(choose("123"))):
        at = int(choose("0123456789") + choose("0123456789")) * (len(text) + 1) // 100
        match choose(BREAKS):
            case "delete":
                text = text[:at] + text[at + 1 :]
            case "insert":
                text = text[:at] + choose(BROKEN_PIECES) + text[at:]
            case "swap":
                text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
            case "rename":
                text = text.replace(choose(NAMES), choose(NAMES), 1)
            case _:
                text = text[:at]
    return text


def _alternates(choose: Choose, later: Sequence[str], depth: int) -> str:
    bar = choose((" | ", "|", " |\n  "))
    return bar.join(_sequence(choose, later, depth) for _ in range(int(choose("1112"))))


def _sequence(choose: Choose, later: Sequence[str], depth: int) -> str:
    """Nothing, or items in a row: the first refers to later rules alone, so that few recurse on the left."""
    items = []
    for n in range(int(choose("111222333340"))):
        names = NAMES if n and choose("0001") == "1" else later or ('"z"',)
        items.append(_item(choose, names, later, depth) + choose(TIMES))
    return choose((" ", " ", "  ")).join(items) or '""'


def _item(choose: Choose, names: Sequence[str], later: Sequence[str], depth: int) -> str:
    match choose(("terminal", "terminal", "terminal", "name", "name", "group", "token")):
        case "group" if depth:
            return f"({_alternates(choose, later, depth - 1)})"
        case "name":
            return choose(names)
        case "token" if choose("0001") == "1":
            return choose(TOKENS)
        case _:
            return choose(TERMINALS)
