"""A turn's tokens as a hosted service would count them: the same texts in another encoding."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from agents.events import CallFinished, CallStarted, Event, TextDelta
from agents.message import Message
from sessions.money import TokenCounts


class HostedTally:
    """Counts one turn. `encodings` have, by name, how many tokens a text is.

    Counted are the texts of all messages that the calls were given, and all that they wrote. What the
    model's template adds is the model's own affair and is left out, but for the tools that it spells: a
    service has to read them too, so they count as the model counts them.
    """

    def __init__(self, encodings: Mapping[str, Callable[[str], int]]) -> None:
        self._encodings = encodings
        self._read = dict.fromkeys(encodings, 0)
        self._tools = 0
        self._spelled: set[str] = set()
        self._written: dict[str, list[str]] = {}

    def add(self, event: Event) -> None:
        """Take in one event, in order."""
        if not self._encodings:
            return
        match event:
            case CallStarted():
                self._start(event)
            case TextDelta():
                self._written.setdefault(event.call, []).append(event.text)
            case CallFinished() if event.call in self._spelled:
                self._tools += sum(o.reused + o.prefilled for o in event.origins if o.origin == "tools")
            case _:
                pass

    def counts(self) -> dict[str, TokenCounts]:
        """Return the tokens so far by encoding."""
        written = ["".join(pieces) for pieces in self._written.values()]
        return {
            name: TokenCounts(self._read[name] + self._tools, sum(map(count, written)), name)
            for name, count in self._encodings.items()
        }

    def _start(self, event: CallStarted) -> None:
        if event.tools and not any(message.origin == "tools" for message in event.messages):
            self._spelled.add(event.call)
        for name, count in self._encodings.items():
            self._read[name] += sum(count(text) for message in event.messages for text in _texts(message))


def _texts(message: Message) -> Iterator[str]:
    yield message.content
    yield from (f"{call.name} {json.dumps(call.arguments, ensure_ascii=False)}" for call in message.calls)


def hosted_tokens(
    events: Iterable[Event], encodings: Mapping[str, Callable[[str], int]]
) -> dict[str, TokenCounts]:
    """Return a turn's tokens by encoding, from its events; see `HostedTally`."""
    tally = HostedTally(encodings)
    for event in events:
        tally.add(event)
    return tally.counts()
