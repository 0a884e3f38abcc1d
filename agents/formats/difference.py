"""What two renderings have in common, by whole tokens, so that no control token is ever cut in two."""

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"<[^<>\s]{1,80}>|\[/?[A-Z_]{2,40}\]|\d+|[^\W\d]+|\s|.", re.DOTALL)


def tokens(text: str) -> list[str]:
    """Return a text's tokens, which join to it: control tokens and tags, words, numbers, single signs."""
    return _TOKEN.findall(text)


def special(token: str) -> bool:
    """Whether a token is a tag or a control token."""
    return len(token) > 2 and token[0] in "<[" and token[-1] in ">]"


def common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many tokens two texts begin with in common."""
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    return size


def common_suffix(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many tokens two texts end with in common."""
    return common_prefix(one[::-1], other[::-1])


def inserted(plain: str, more: str) -> tuple[str, bool]:
    """Return what a text has more than another, and whether nothing of the other is lost in it."""
    one, other = tokens(plain), tokens(more)
    before = common_prefix(one, other)
    behind = min(common_suffix(one, other), len(other) - before)
    if before + behind >= len(one) and len(other) > len(one):
        return "".join(other[before : before + len(other) - len(one)]), True
    return "".join(other[before : len(other) - behind]), False


def split(first: str, between: str, last: str) -> tuple[str, str, str, str, str]:
    """Split what stands before the first, between two, and behind the last of several equal things.

    Return the section's opening, the opening and closing of each, what separates two, and the section's
    closing: `first` = section + opening, `between` = closing + separator + opening, `last` = closing +
    section's end.
    """
    head, middle, tail = tokens(first), tokens(between), tokens(last)
    opening = common_suffix(head, middle)
    rest = middle[: len(middle) - opening]
    closing = common_prefix(tail, rest)
    # What could open one or close the one before closes it: a line end, a token that every tag ends with.
    while (
        opening > 1
        and closing == len(rest) < len(middle)
        and _shared(tail[closing : closing + 1], middle[len(rest)])
    ):
        opening, closing = opening - 1, closing + 1
        rest = middle[: len(middle) - opening]
    return (
        "".join(head[: len(head) - opening]),
        "".join(head[len(head) - opening :]),
        "".join(tail[:closing]),
        "".join(rest[closing:]),
        "".join(tail[closing:]),
    )


def _shared(closing: Sequence[str], opening: str) -> bool:
    return list(closing) == [opening] and (special(opening) or not opening.strip())
