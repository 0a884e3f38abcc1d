"""Where examples stand in a conversation: such that what one turn has read, the next need not read again.

Examples right before the prompt would be read anew in every turn, for they follow the history, which
grows. So those of an earlier prompt keep their place, and only what a new prompt needs beyond them is
added before it. The place moves on every `STRETCH` turns: a conversation that comes over from another
paradigm is then read again from there at most, and examples of long ago do not stay for ever.
"""

from collections.abc import Callable, Iterable
from itertools import groupby

from agents.examples import Shown
from agents.message import Message

STRETCH = 8
"""Turns for which examples keep their place."""

AsTurns = Callable[[Iterable[Shown], int], tuple[Message, ...]]
"""Turns examples into messages, given how many examples the conversation shows already."""


def with_examples(
    history: tuple[Message, ...],
    prompt: str,
    nearest: Callable[[str], list[Shown]],
    as_turns: AsTurns,
) -> tuple[Message, ...]:
    """Return a conversation up to the prompt, with examples in it.

    `history` is in turns, each a group of messages that begins with what the user said.
    """
    turns = [tuple(messages) for _, messages in groupby(history, key=lambda message: message.group)]
    place = len(turns) // STRETCH * STRETCH
    before, since = turns[:place], turns[place:]
    first = nearest(since[0][0].content if since else prompt)
    more = [example for example in nearest(prompt) if example not in first]
    return (
        *(message for turn in before for message in turn),
        *as_turns(first, 0),
        *(message for turn in since for message in turn),
        *as_turns(more, len(first)),
    )
