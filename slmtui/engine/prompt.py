"""A call's messages as tokens: rendered, tokenized apart by origin, and cut to the context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.events import OriginTokens
from agents.formats.spec import ToolSpec
from agents.message import Message, Origin
from agents.thoughts import prompt_opens_thoughts
from slmtui.engine.fitting import Fitting
from slmtui.engine.marks import Piece, unmarked
from slmtui.engine.memo import Memo
from slmtui.engine.native import Vocab
from slmtui.engine.template import ChatTemplate, ChatTemplateError
from slmtui.engine.tokenizing import Run, Tokenizer, Written

_STABLE = {"template", "system", "tools", "history"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens of a call, with the origin of each, and what was cut to make them fit.

    The last `begun` of them are what the answer was made to begin with.
    """

    tokens: list[int]
    runs: list[Run]
    dropped_messages: int
    tokens_before: int
    cut_observations: int = 0
    begun: int = 0

    @property
    def beginning(self) -> list[int]:
        """The tokens that the answer was made to begin with."""
        return self.tokens[len(self.tokens) - self.begun :]

    @property
    def stable(self) -> int:
        """How many tokens stand before the first text that another prompt of the conversation may lack."""
        count = 0
        for run in self.runs:
            if run.origin not in _STABLE:
                return count
            count += run.count
        return count

    def origins(self, reused: int, read: int, avoidable: int = 0) -> tuple[OriginTokens, ...]:
        """Return the first `read` tokens by origin, of which the first `reused` came from the cache.

        The `avoidable` ones are those right behind them: some sequence had held the prompt so far.
        """
        counts: dict[Origin, list[int]] = {}
        position = 0
        for run in self.runs:
            end = min(position + run.count, read)
            if end <= position:
                break
            cached = _within(position, end, 0, reused)
            entry = counts.setdefault(run.origin, [0, 0, 0])
            entry[0] += cached
            entry[1] += end - position - cached
            entry[2] += _within(position, end, reused, reused + avoidable)
            position = end
        return tuple(OriginTokens(origin, *numbers) for origin, numbers in counts.items())


def _within(start: int, end: int, first: int, last: int) -> int:
    """Return how many of the positions from `start` to before `end` are from `first` to before `last`."""
    return max(0, min(end, last) - max(start, first))


class PromptBuilder:
    """Turns messages into tokens for one model and context."""

    def __init__(self, vocab: Vocab, template: ChatTemplate, memo: Memo) -> None:
        self._vocab = vocab
        self._template = template
        self._tokenizer = Tokenizer(vocab, template.source, memo)

    def build(
        self,
        messages: Sequence[Message],
        limit: int,
        tools: Sequence[ToolSpec] = (),
        thinking: bool | None = None,
        beginning: str = "",
    ) -> Prompt:
        """Return the prompt in at most `limit` tokens, cut by `slmtui.engine.fitting.RULE`.

        With a `beginning`, its tokens are the last: the answer goes on from them. It is text, and spells no
        control token; where the model wrote it, its tokens are those that were drawn. Raises
        `PromptTooLongError`, and `ChatTemplateError` as the template does.
        """
        beginning = unmarked(beginning)

        def tokenize(kept: Sequence[Message]) -> tuple[list[int], list[Run]]:
            return self._tokenize(kept, tools, thinking, beginning)

        fitting = Fitting(messages, limit, tokenize, self._first)
        fitting.fit()
        begun = fitting.runs[-1].count if beginning else 0
        return Prompt(fitting.tokens, fitting.runs, fitting.dropped, fitting.before, fitting.cut, begun)

    def _tokenize(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], thinking: bool | None, beginning: str
    ) -> tuple[list[int], list[Run]]:
        pieces = self._template.pieces(messages, tools, thinking)
        written = self._written(pieces, messages, tools, thinking)
        if beginning:
            pieces = [*pieces, *self._begun(beginning, thinking)]
        return self._tokenizer.tokens(pieces, written)

    def _begun(self, beginning: str, thinking: bool | None) -> Iterator[Piece]:
        """Yield what an answer begins with; thoughts that the prompt opens are closed before it, empty."""
        fmt = self._template.format
        if prompt_opens_thoughts(fmt, thinking=bool(thinking)):
            yield Piece(f"\n{fmt.reasoning.close.strip()}\n\n", "template", trusted=True)
        yield Piece(beginning, "history", said=True)

    def _written(
        self,
        pieces: Sequence[Piece],
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
        thinking: bool | None,
    ) -> list[Written]:
        """Return where in a prompt the model's own messages of calls stand, as far as it wrote them so.

        Such a message begins where the prompt ended when the model was asked for it.
        """
        found: list[Written] = []
        text = "".join(piece.text for piece in pieces)
        for n, message in enumerate(messages):
            if message.role != "assistant" or not message.calls or message.origin != "history":
                continue
            try:
                before = self._template.text(messages[:n], tools, thinking)
            except ChatTemplateError:
                continue
            start = len(before.encode("utf-8", "replace"))
            written = self._tokenizer.written_at(pieces, start) if text.startswith(before) else None
            if written is not None and (not found or found[-1].end <= start):
                found.append(written)
        return found

    def _first(self, text: str, count: int) -> tuple[str, int]:
        """Return what the first `count` tokens of a text stand for, and how many tokens all of it has."""
        tokens = self._tokenizer.untrusted(text)
        data = b"".join(self._vocab.piece(token) for token in tokens[:count])
        begins = data.decode("utf-8", "ignore")
        # Some tokenizers put a space before every text.
        begins = begins if text.startswith(begins) else begins.removeprefix(" ")
        return text[: len(begins)], len(tokens)
