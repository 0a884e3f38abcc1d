"""A GGUF's chat template, rendered in a sandbox, with our text marked apart from the template's.

The rendered prompt is split at the marks: pieces of the template are tokenized with control tokens on,
all else with them off.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from agents.formats.detect import detect
from agents.formats.format import CallFormat
from agents.formats.spec import ToolSpec
from agents.formats.template import Template, TemplateRefusedError
from agents.message import Message
from slmtui.engine.conversation import Speller, described, in_words, one_by_one, system_folded
from slmtui.engine.marks import Kind, Marks, Piece, Wrap, broken_up, plain, unescaped

# Which texts lose their white space: none, those of messages, or those of calls and tools too.
_STRIPPED: tuple[tuple[Kind, ...], ...] = (
    (),
    ("content", "said"),
    ("content", "said", "argument", "tool"),
)

T = TypeVar("T")


class ChatTemplateError(Exception):
    """A chat template cannot be used; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What a template is given. `tools` None and an empty list are not the same to some."""

    messages: Sequence[Message]
    tools: Sequence[ToolSpec] | None
    thinking: bool | None
    as_user: bool


class ChatTemplate:
    """One chat template with its special tokens. `today` is read for templates that print the date.

    `format` is how the model writes calls of tools and thoughts, found out from the template.
    """

    def __init__(self, source: str, *, bos: str, eos: str, today: Callable[[], datetime]) -> None:
        self.source = source
        try:
            self._template = Template(source, bos=bos, eos=eos, today=today)
        except TemplateRefusedError as error:
            raise ChatTemplateError(f"the model's chat template cannot be used: {error}") from error
        # Now, and not with the first prompt, whose time is told.
        self.format: CallFormat = detect(self._template)

    def pieces(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = (), thinking: bool | None = None
    ) -> list[Piece]:
        """Render messages and tools, with the prompt for the next answer. Raises `ChatTemplateError`.

        `thinking` is for templates that can switch it; None leaves it as the template has it.
        """
        return self._first(self._split, messages, tools, thinking)

    def text(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = (), thinking: bool | None = None
    ) -> str:
        """Return the text of `pieces` where nothing had to be broken up. Raises `ChatTemplateError`."""
        return self._first(lambda given: self._render(given, plain), messages, tools, thinking)

    def _first(
        self,
        make: Callable[[_Given], T],
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
        thinking: bool | None,
    ) -> T:
        """Return what is made of the first form of a conversation that the template does not refuse."""
        reason: TemplateRefusedError | None = None
        for given in self._forms(messages, tools, thinking):
            try:
                return make(given)
            except TemplateRefusedError as error:
                reason = reason or error
        raise ChatTemplateError(f"the model's chat template refused the conversation: {reason}")

    def _forms(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], thinking: bool | None
    ) -> Iterator[_Given]:
        """Yield a conversation in the forms that a template may want it in.

        Some templates cannot do without tools, or without descriptions of their arguments; some know no
        system, and some no role for results.
        """
        native = self.format.kind != "generic"
        spoken = messages if native else in_words(messages, self.format)
        if not self.format.several:
            spoken = one_by_one(spoken)
        for as_user in (False, True) if any(m.role == "tool" for m in spoken) else (False,):
            if tools and native:
                for told in (tools, described(tools)):
                    yield _Given(spoken, told, thinking, as_user)
                    yield _Given(system_folded(spoken), told, thinking, as_user)
            else:
                yield _Given(spoken, None, thinking, as_user)
                yield _Given(spoken, (), thinking, as_user)
                yield _Given(system_folded(spoken), None, thinking, as_user)

    def _split(self, given: _Given) -> list[Piece]:
        whole = self._render(given, plain)
        for stripped in _STRIPPED:
            for pieces in self._marked(given, Marks(stripped)):
                if "".join(piece.text for piece in pieces) == whole:
                    return pieces
        # The template rewrites what it is given, so text cannot be told apart by place; it can by
        # being broken up wherever it could be read as a control token.
        return [Piece(self._render(given, broken_up), "template", trusted=True)]

    def _marked(self, given: _Given, marks: Marks) -> Iterator[list[Piece]]:
        """Yield what a conversation may be split into at its marks."""
        try:
            rendered = self._render(given, marks.wrap)
        except TemplateRefusedError:  # it did not refuse the same without marks
            return
        for text in (rendered, unescaped(rendered)):
            pieces = marks.pieces(text)
            if pieces is not None:
                yield pieces

    def _render(self, given: _Given, wrap: Wrap) -> str:
        reasoning = self.format.reasoning
        speller = Speller(
            self.format,
            wrap,
            as_user=given.as_user,
            drops_thoughts=bool(reasoning.close.strip()) and reasoning.close.strip() in self.source,
        )
        tools = None if given.tools is None else speller.tools(given.tools)
        return self._template.render(
            speller.turns(given.messages), tools=tools, **self._variables(tools, given.thinking)
        )

    def _variables(self, tools: list[dict[str, Any]] | None, thinking: bool | None) -> dict[str, Any]:
        """Return what a template is told beside messages and `tools`, by its format."""
        wanted, reasoning = self.format.tools, self.format.reasoning
        variables: dict[str, Any] = dict.fromkeys(wanted.extra, "")
        if wanted.variable not in ("", "tools") and tools is not None:
            text = wanted.form == "text"
            variables[wanted.variable] = json.dumps(tools, ensure_ascii=False) if text else tools
        value = reasoning.on if thinking else reasoning.off
        if reasoning.switch and thinking is not None and value is not None:
            variables[reasoning.switch] = value
        return variables
