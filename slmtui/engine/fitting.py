"""Making a prompt fit: what is cut, what is left out, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from agents.message import Message
from slmtui.engine.tokenizing import Run

RULE = (
    "results of tools but the newest are cut short first, the oldest first; then the oldest turns are left "
    "out, then examples; the newest result is cut last; system text and the question always stay"
)

SHORTENED = 32
"""About so many tokens of an old result stay."""

CUT = "… (cut)"

# No tokenizer that we know makes fewer tokens of ordinary text; beyond it, counting is a waste.
_CHARS_PER_TOKEN = 64
_TRIES = 8


class PromptTooLongError(Exception):
    """The part of a prompt that must stay does not fit; the text says what to do."""


@dataclass(slots=True)
class Fitting:
    """Fits `messages` into `limit` tokens by `RULE`. `kept`, `tokens` and `runs` are what became of them.

    `tokenize` makes the tokens of a prompt, `first` returns the first tokens of a text as text, and how
    many tokens all of it has.
    """

    messages: Sequence[Message]
    limit: int
    tokenize: Callable[[list[Message]], tuple[list[int], list[Run]]]
    first: Callable[[str, int], tuple[str, int]]
    kept: list[Message] = field(default_factory=list, init=False)
    tokens: list[int] = field(default_factory=list, init=False)
    runs: list[Run] = field(default_factory=list, init=False)
    before: int = field(default=0, init=False)
    _cut: set[int] = field(default_factory=set, init=False)
    _places: list[int] = field(default_factory=list, init=False)

    @property
    def dropped(self) -> int:
        """How many messages were left out."""
        return len(self.messages) - len(self.kept)

    @property
    def cut(self) -> int:
        """How many results were cut and stayed."""
        return len(self._cut.intersection(self._places))

    def fit(self) -> None:
        """Cut and leave out as much as is needed. Raises `PromptTooLongError`."""
        most = self.limit * _CHARS_PER_TOKEN
        if sum(len(m.content) for m in self.messages if not m.group and not _is_result(m)) > most:
            raise PromptTooLongError(_too_long("far more", self.limit))
        self._places = list(range(len(self.messages)))
        self.kept = list(self.messages)
        for n, message in enumerate(self.messages):
            if _is_result(message) and len(message.content) > most:
                self._shorten(n, message.content[:most])
        self._again()
        self.before = len(self.tokens)
        self._cut_old()
        self._leave_out()
        self._cut_newest()
        if self._excess > 0:
            raise PromptTooLongError(_too_long(str(len(self.tokens)), self.limit))

    @property
    def _excess(self) -> int:
        return len(self.tokens) - self.limit

    def _again(self) -> None:
        self.tokens, self.runs = self.tokenize(self.kept)

    def _cut_old(self) -> None:
        """Shorten results but for the newest, as many as are thought to be enough before counting again."""
        gained = 0
        for n in self._results()[:-1]:
            if self._excess <= gained:
                if gained:
                    self._again()
                    gained = 0
                if self._excess <= 0:
                    return
            text, count = self.first(self.kept[n].content, SHORTENED)
            if len(text) + len(CUT) < len(self.kept[n].content):
                self._shorten(n, text)
                gained += count - SHORTENED
        if gained:
            self._again()

    def _leave_out(self) -> None:
        for group in _droppable(self.messages):
            if self._excess <= 0:
                return
            left = [n for n, message in enumerate(self.kept) if message.group != group]
            self._places = [self._places[n] for n in left]
            self.kept = [self.kept[n] for n in left]
            self._again()

    def _cut_newest(self) -> None:
        """Shorten the newest result to what fits."""
        newest = self._results()[-1:]
        if self._excess <= 0 or not newest:
            return
        whole = self.kept[newest[0]].content
        _, room = self.first(whole, 0)
        for _ in range(_TRIES):
            room -= self._excess + 1
            if room < 1:
                return
            text, _ = self.first(whole, room)
            self._shorten(newest[0], text)
            self._again()
            if self._excess <= 0:
                return

    def _results(self) -> list[int]:
        return [n for n, message in enumerate(self.kept) if _is_result(message)]

    def _shorten(self, n: int, text: str) -> None:
        self.kept[n] = replace(self.kept[n], content=text + CUT)
        self._cut.add(self._places[n])


def _is_result(message: Message) -> bool:
    return message.origin == "tool_result" or message.role == "tool"


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
