"""What tags and control tokens are named for: their counterparts, and tokens of the same style."""

import re
from collections.abc import Iterable

TAG = re.compile(r"<[^<>\s]{2,60}>|\[/?[A-Z_]{3,40}\]")
_THOUGHT = re.compile(r"think|thought|reason|analysis|reflect", re.IGNORECASE)
_CALL = re.compile(r"(tool|function)s?[_▁\- ]?calls?", re.IGNORECASE)
_OTHER = re.compile(r"(?<=tool.)(responses?|results?|outputs?|lists?|definitions?)", re.IGNORECASE)
_OPENINGS = (("start", "end"), ("begin", "end"), ("open", "close"))
_STARTING = re.compile(r"<\|?(\w+?)[_▁](start|begin)\|?>")


def tags(text: str) -> list[str]:
    """Return the tags and control tokens of a text, each once, in order."""
    return list(dict.fromkeys(TAG.findall(text)))


def of_thoughts(tag: str) -> bool:
    """Whether a tag's name says that it is about thoughts."""
    return bool(_THOUGHT.search(tag))


def closes(tag: str) -> bool:
    """Whether a tag is one that closes."""
    word = re.compile(r"(?:^|[^a-z])(end|close)(?:[^a-z]|$)", re.IGNORECASE)
    return tag[1] == "/" or tag.startswith("<|/") or bool(word.search(tag))


def counterpart(tag: str) -> str:
    """Return the closing tag of an opening one, or the other way round; empty where it has none."""
    if closes(tag):
        plain = tag.replace("/", "", 1)
        if plain != tag:
            return plain
        return _renamed(tag, [(end, start) for start, end in _OPENINGS])
    renamed = _renamed(tag, _OPENINGS)
    if renamed:
        return renamed
    return "" if tag.startswith("<|") else f"{tag[0]}/{tag[1:]}"


def _renamed(tag: str, words: Iterable[tuple[str, str]]) -> str:
    for one, other in words:
        for spelled, replacement in ((one, other), (one.upper(), other.upper())):
            if spelled in tag:
                return tag.replace(spelled, replacement)
    return ""


def call_tag(told: str, rendered: str) -> str:
    """Return the tag that opens calls, from what the model is told of them and what else is rendered.

    One that names calls, else one in the style of those for results or lists of tools, else one in the
    style of those around messages.
    """
    for text in (told, rendered):
        opening = [tag for tag in tags(text) if not closes(tag)]
        for tag in opening:
            if _CALL.search(tag):
                return tag
        for tag in opening:
            if _OTHER.search(tag):
                return _OTHER.sub(lambda found: "CALL" if found[0].isupper() else "call", tag)
    for tag in tags(rendered):
        style = _STARTING.fullmatch(tag)
        if style:
            return tag.replace(style[1], "tool_call")
    return "<tool_call>"
