"""Pieces of a request that a tool for texts may be asked about, and the words to search for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.surface import surface

LONGEST = 6
"""Words of a piece that is not marked off by quotation marks or a colon."""

_STOP_TEXT = """
a about am an and any anything are as at be been by can could did do does don't find for forgot from get
give had has have help here how i i'd i'm if in into is it its know like line look me mean mention
mentions mine my need note notes noted of on or our please put read remember remind say says search see
should show so some somewhere tell that the their them there these they this those to up us was we were
what what's whats when where where's which who who's whose why will with would write wrote written you
your down according check recall keep kept save saved store stored lie lies stand stands
"""
_STOP = frozenset(_STOP_TEXT.split())
# Words that ask for something about another word.
_ASKING_TEXT = """
letter letters word words character characters count many often times number occur occurs appear appears
spell spelled spelt spelling backwards backward forwards reverse reversed write last first after before
order back front dash each contain contains exactly take takes long length turn around spaces between
"""
_ASKING = frozenset(_ASKING_TEXT.split())
_NOT_COMPARED = _STOP | {"identical", "equal", "same", "different", "close", "similar"}
_WORD = re.compile(r"[^\W_][\w'’.:/-]*", re.UNICODE)
_LETTER = re.compile(
    r"\b(?:letters?|character) ['\"“]?(\w)\b|\b([a-z])'?s?\b(?= in\b)|['\"“](\w)['\"”]"
    r"|\bword ['\"“]?(\w+)['\"”]? (?:appear|occur|stand)",
    re.IGNORECASE,
)
_FIGURE = r"-?[$€£]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_NUMBERS = re.compile(rf"{_FIGURE}(?:(?:,? and |, |,(?=\d)){_FIGURE})+")
_AND = re.compile(r",? and (?=\S+(?: \S+)?$)")
_DOWN = re.compile(
    r"descend|decreas|revers|back|\bz (?:to|-) a\b|from z\b|high(?:est)? to low|large(?:st)? to small"
    r"|(?:bigg|larg|high|great|old)est (?:ones? |numbers? )?first|down\b",
    re.IGNORECASE,
)
_BACKWARDS = re.compile(r"back|revers|right to left|last letter first|\bturn", re.IGNORECASE)
Finder = Mapping[str, Sequence[Any] | None]


def query_of(request: str) -> str:
    """Return the words of a request that a search can use, in their order; all of them if none stands out."""
    words = [word.rstrip(".:'’") for word in _WORD.findall(request)]
    telling = [word.removesuffix("'s") for word in words if word.lower() not in _STOP]
    return " ".join(dict.fromkeys(telling))


def pieces(request: str) -> list[str]:
    """Return what a request may speak of: texts in quotation marks, what follows a colon, or short runs."""
    if marked := surface(request).quoted:
        return list(marked)
    before, colon, after = request.partition(": ")
    if colon and len(after.split()) > len(before.split()) // 2:
        return [after.strip().strip("?!. "), after.strip()]
    words = [match.span() for match in re.finditer(r"\S+", request)]
    runs = (
        request[words[first][0] : words[last][1]].strip("?!.,:;'\"“”")
        for first in range(len(words))
        for last in range(first, min(len(words), first + LONGEST))
    )
    return [run for run in dict.fromkeys(runs) if run]


def words_of(request: str) -> list[str]:
    """Return the single words that a request may be about: marked ones, or all that do not ask themselves."""
    marked = surface(request).quoted
    words = marked or [word.rstrip(".:'’") for word in _WORD.findall(request)]
    return [word for word in words if word.lower() not in _STOP | _ASKING]


def counted(request: str, schema: Mapping[str, Any]) -> Finder:  # noqa: ARG001
    """Return what may be counted in which text: a letter if one is named, words, lines or letters."""
    letters = ["".join(groups) for groups in _LETTER.findall(request)]
    if letters:
        words = [word for word in words_of(request) if word not in letters]
        return {"text": words or pieces(request), "what": ["occurrences"], "of": letters}
    kinds = [kind for kind in ("characters", "letters", "words", "lines") if kind[:-1] in request.lower()]
    if len(kinds) != 1:
        return {"text": pieces(request)}
    texts = pieces(request) if kinds != ["letters"] else words_of(request)
    return {"text": texts, "what": kinds, "of": None}


def listed(request: str, schema: Mapping[str, Any]) -> Finder:  # noqa: ARG001
    """Return the list that a request holds: of numbers, or of words with few of those around it."""
    numbers = _NUMBERS.search(request)
    order = [_order(request, numeric=numbers is not None)]
    if numbers:
        return {"items": [_AND.sub(", ", numbers[0])], "order": order}
    _, _, after = request.rpartition(": ")
    return {"items": list(dict.fromkeys(_lists(after if "," in after else request))), "order": order}


def _order(request: str, *, numeric: bool) -> str:
    if numeric:
        return "numeric descending" if _DOWN.search(request) else "numeric ascending"
    if re.search(r"\blength|\b(?:shortest|longest)\b", request, re.IGNORECASE):
        return "by length"
    return "reverse alphabetical" if _DOWN.search(request) else "alphabetical"


def _lists(text: str) -> Iterator[str]:
    first, last = text.find(","), text.rfind(",")
    if first < 0:
        return
    before, after = text[:first].split(), text[last + 1 :].split()
    middle = text[first : last + 1]
    for start in range(1, min(2, len(before)) + 1):
        for end in range(1, min(3, len(after)) + 1):
            run = f"{' '.join(before[-start:])}{middle} {' '.join(after[:end])}"
            yield _AND.sub(", ", run.strip("?!.- ").replace(", and ", ", "))


def compared(request: str, schema: Mapping[str, Any]) -> Finder:  # noqa: ARG001
    """Return the two texts that are compared: those in quotation marks, or around `and`, `or`, `like`."""
    quoted = surface(request).quoted
    if len(quoted) == 2:
        return {"first": quoted[:1], "second": quoted[1:]}
    pairs = re.findall(r"([\w-]+),? (?:and|or|than|with|like|to|from|vs\.?) ([\w-]+)", request)
    pairs = [pair for pair in pairs if not _NOT_COMPARED & set(map(str.lower, pair))]
    return {"first": [one for one, _ in pairs], "second": [other for _, other in pairs]}


def spelt(request: str, schema: Mapping[str, Any]) -> Finder:  # noqa: ARG001
    """Return the words that may be spelt, and the direction where it is said."""
    direction = "backwards" if _BACKWARDS.search(request) else "forwards"
    return {"text": words_of(request), "direction": [direction]}
