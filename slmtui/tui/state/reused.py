"""Where in a prompt the KV cache's part ends: what is reused is always a prefix.

The events tell the reused tokens of each origin, and not of each message. A message whose origin was
reused whole stands before the place, one whose origin was not at all behind it; between them, characters
stand for tokens, and the place is marked as about.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agents.events import OriginTokens
from agents.message import Message, Origin


@dataclass(frozen=True, slots=True)
class ReuseEnd:
    """The prefix of `tokens` ends before character `offset` of message number `message`, from 0.

    `message` may be the number past the last one. `exact` says that it ends between messages for certain.
    """

    message: int
    offset: int
    tokens: int
    exact: bool


def reuse_end(
    messages: Sequence[Message], origins: Sequence[OriginTokens], left_out: Collection[int] = ()
) -> ReuseEnd | None:
    """Return where the reused prefix of a prompt ends; None where the origins are not told.

    `left_out` are the numbers of messages that the prompt had no room for.
    """
    if not origins:
        return None
    told: dict[Origin, OriginTokens] = {part.origin: part for part in origins if part.origin != "template"}
    tokens = sum(part.reused for part in origins)
    kept = [n for n in range(len(messages)) if n not in left_out]
    known = [n for n in kept if _total(told, messages[n].origin)]
    if not known:
        return ReuseEnd(0, 0, 0, exact=True) if not tokens else _by_share(messages, kept, origins, tokens)
    first = max((n + 1 for n in known if _share(told, messages[n]) == 1), default=0)
    last = min((n for n in known if _share(told, messages[n]) == 0), default=len(messages))
    between = [n for n in known if first <= n < last and 0 < _share(told, messages[n]) < 1]
    if not between:
        return ReuseEnd(first, 0, tokens, exact=first <= last)
    places = [_in_origin(messages, kept, told[origin]) for origin in {messages[n].origin for n in between}]
    message, offset = max((first, 0), *places)
    return ReuseEnd(*((message, offset) if message < last else (last, 0)), tokens, exact=False)


def _total(told: dict[Origin, OriginTokens], origin: Origin) -> int:
    part = told.get(origin)
    return part.reused + part.prefilled if part else 0


def _share(told: dict[Origin, OriginTokens], message: Message) -> float:
    """Return how much of a message's origin was reused, 0 to 1."""
    part = told[message.origin]
    return part.reused / (part.reused + part.prefilled)


def _in_origin(messages: Sequence[Message], kept: Sequence[int], part: OriginTokens) -> tuple[int, int]:
    """Return where the reused part of an origin ends, by the characters of its messages."""
    among = [n for n in kept if messages[n].origin == part.origin]
    return _after(messages, among, part.reused, part.reused + part.prefilled)


def _by_share(
    messages: Sequence[Message], kept: Sequence[int], origins: Sequence[OriginTokens], tokens: int
) -> ReuseEnd:
    """Return the place by characters of all messages: their template tells none of them apart."""
    whole = sum(part.reused + part.prefilled for part in origins)
    return ReuseEnd(*_after(messages, kept, tokens, whole), tokens, exact=False)


def _after(messages: Sequence[Message], among: Sequence[int], reused: int, whole: int) -> tuple[int, int]:
    """Return the message, and the place in it, where characters end as `reused` of `whole` tokens do."""
    left = reused * sum(len(messages[n].content) for n in among) // whole
    for n in among:
        if left < len(messages[n].content):
            return n, left
        left -= len(messages[n].content)
        if not left:
            return n + 1, 0
    return len(messages), 0
