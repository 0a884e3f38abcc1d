"""A call's messages as tokens: rendered, tokenized apart by origin, and cut to the context."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.events import OriginTokens
from agents.message import Message, Origin
from slmtui.engine.native import Vocab
from slmtui.engine.template import ChatTemplate, Piece

RULE = "the oldest turns are left out first, then examples; system text and the question always stay"

_STABLE = {"template", "system", "history"}

# No tokenizer that we know makes fewer tokens of ordinary text; beyond it, counting is a waste.
_CHARS_PER_TOKEN = 64


class PromptTooLongError(Exception):
    """The part of a prompt that must stay does not fit; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """`count` tokens in a row of one origin."""

    origin: Origin
    count: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens of a call, with the origin of each, and what was left out to make them fit."""

    tokens: list[int]
    runs: list[Run]
    dropped_messages: int
    tokens_before: int

    @property
    def stable(self) -> int:
        """How many tokens stand before the first text that another prompt of the conversation may lack."""
        count = 0
        for run in self.runs:
            if run.origin not in _STABLE:
                return count
            count += run.count
        return count

    def origins(self, reused: int, read: int) -> tuple[OriginTokens, ...]:
        """Return the first `read` tokens by origin, of which the first `reused` came from the cache."""
        counts: dict[Origin, list[int]] = {}
        position = 0
        for run in self.runs:
            count = min(run.count, read - position)
            if count <= 0:
                break
            cached = max(0, min(count, reused - position))
            entry = counts.setdefault(run.origin, [0, 0])
            entry[0] += cached
            entry[1] += count - cached
            position += count
        return tuple(OriginTokens(origin, *pair) for origin, pair in counts.items())


class Memo:
    """The tokens that a model wrote for a text, so that its own answers come back as what they were.

    Tokenizing an answer again may give other tokens than the model drew, and lose the KV cache there.
    """

    def __init__(self, capacity: int = 512) -> None:
        self._tokens: OrderedDict[str, list[int]] = OrderedDict()
        self._capacity = capacity

    def remember(self, text: str, tokens: list[int]) -> None:
        """Keep the tokens of a text, forgetting the oldest beyond the capacity."""
        if text:
            self._tokens[text] = tokens
            self._tokens.move_to_end(text)
            while len(self._tokens) > self._capacity:
                self._tokens.popitem(last=False)

    def get(self, text: str) -> list[int] | None:
        """Return the tokens that a text was written with, or None."""
        return self._tokens.get(text)

    def of(self, texts: Iterable[str]) -> dict[str, list[int]]:
        """Return the tokens of those of `texts` that a model wrote."""
        return {text: self._tokens[text] for text in texts if text in self._tokens}


class PromptBuilder:
    """Turns messages into tokens for one model and context."""

    def __init__(self, vocab: Vocab, template: ChatTemplate, memo: Memo) -> None:
        self._vocab = vocab
        self._template = template
        self._memo = memo

    def build(self, messages: Sequence[Message], limit: int) -> Prompt:
        """Return the prompt in at most `limit` tokens, leaving out groups by `RULE`.

        Raises `PromptTooLongError`, and `ChatTemplateError` as the template does.
        """
        if sum(len(m.content) for m in messages if not m.group) > limit * _CHARS_PER_TOKEN:
            raise PromptTooLongError(_too_long("far more", limit))
        kept = list(messages)
        tokens, runs = self._tokenize(kept)
        before = len(tokens)
        for group in _droppable(messages):
            if len(tokens) <= limit:
                break
            kept = [m for m in kept if m.group != group]
            tokens, runs = self._tokenize(kept)
        if len(tokens) > limit:
            raise PromptTooLongError(_too_long(str(len(tokens)), limit))
        return Prompt(tokens, runs, len(messages) - len(kept), before)

    def _tokenize(self, messages: list[Message]) -> tuple[list[int], list[Run]]:
        tokens: list[int] = []
        runs: list[Run] = []
        for piece in self._template.pieces(messages):
            part = self._piece_tokens(piece)
            tokens += part
            if part:
                runs.append(Run(piece.origin, len(part)))
        if self._vocab.add_bos and self._vocab.bos >= 0 and tokens[:1] != [self._vocab.bos]:
            tokens.insert(0, self._vocab.bos)
            runs.insert(0, Run("template", 1))
        return tokens, runs

    def _piece_tokens(self, piece: Piece) -> list[int]:
        if piece.origin == "template":
            return self._vocab.tokenize(piece.text, special=True)
        known = self._memo.get(piece.text)
        return known if known is not None else self._vocab.tokenize(piece.text, special=False)


def _droppable(messages: Sequence[Message]) -> list[int]:
    """Return the groups that may be left out, first the oldest turns, then the examples in order."""
    groups: dict[int, bool] = {}
    for message in messages:
        if message.group:
            groups.setdefault(message.group, message.origin == "history")
    return sorted(groups, key=lambda group: not groups[group])


def _too_long(tokens: str, limit: int) -> str:
    return (
        f"The prompt is too long: it needs {tokens} tokens and there is room for {limit}. "
        "Shorten it, or start with a larger context (engine.context in the settings)."
    )
