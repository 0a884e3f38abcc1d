"""How one agent and one model speak of tools: natively, as the chat template has it, or in our own JSON.

Natively the template shows the tools, the model writes freely, and a grammar takes hold where a call
begins. A model without own calls is shown examples, or a list, in the conversation itself; its first
step is a choice among the tools and `none`, and later ones are a call or free text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.constraints import narrowed
from agents.examples import NO_TOOL, Shown, as_turns, call_text, observation
from agents.formats.format import CallFormat
from agents.formats.grammar import format_grammar
from agents.formats.parse import parse
from agents.formats.spec import ToolSpec
from agents.grammar import OPENING, call_grammar, text_grammar
from agents.helps import Helps
from agents.message import Message, ToolCall
from agents.model import PurposeSwitch
from agents.offers import needs_tool
from agents.prompts import tool_list
from agents.quoting import quoted_answer
from agents.thoughts import thinks
from tools.registry import Tool

_CALL_OPENS = PurposeSwitch("{", "call", opening=True)
_NONE = call_text(NO_TOOL, {})


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds the output of a call: a grammar, from one of the triggers on if it has any."""

    grammar: str | None = None
    triggers: tuple[str, ...] = ()
    switches: tuple[PurposeSwitch, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A call as a model wrote it: `arguments` is None where `raw` is no JSON object."""

    name: str
    arguments: dict[str, Any] | None
    raw: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote: words, and calls; `none` says that it chose to use no tool."""

    text: str
    content: str
    calls: tuple[Written, ...]
    none: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """Speaks of `tools` with a model of one format, which has so many `parameters`.

    `held_to` is the text that arguments may be taken from, where the switches hold them to it; empty
    where there is no such text.
    """

    format: CallFormat
    tools: tuple[Tool, ...]
    helps: Helps
    parameters: int
    held_to: str = ""

    @property
    def native(self) -> bool:
        """Whether the chat template knows tools."""
        return self.format.kind != "generic"

    @property
    def forces(self) -> bool:
        """Whether the first step must be a choice among the tools, and later ones a call or text."""
        return self.helps.forced and self.helps.grammar and self._bound

    @property
    def _bound(self) -> bool:
        """Whether outputs may be held to our own grammar from the first token on: thoughts come before."""
        return not self.native and not thinks(self.format, thinking=self.helps.think)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """The tools for the chat template, as they are: what a request narrows is for the grammar alone."""
        if not self.native:
            return ()
        return tuple(ToolSpec(tool.name, tool.description, tool.parameters) for tool in self.tools)

    def introduced(self) -> tuple[Message, ...]:
        """Return what tells a model which tools there are, where its template does not and words shall."""
        shown = self.native and bool(self.format.tools.variable)
        listed = not shown and (self.native or self.helps.lists_tools(self.parameters))
        return (tool_list(self.tools, self.format),) if listed else ()

    def first(self) -> Hold:
        """Return what holds the first step: a choice where the model must make one, else as later steps."""
        if not self.forces:
            return self.later()
        needed = self.helps.fitting and needs_tool(self.tools, self.held_to)
        return Hold(call_grammar(self._narrowed(), also=() if needed else (NO_TOOL,)))

    def only(self, names: tuple[str, ...]) -> Hold:
        """Return what holds a first step whose choice has been made, or left to these names."""
        tools = [tool for tool in self._narrowed() if tool.name in names]
        return Hold(call_grammar(tools, also=(NO_TOOL,) if NO_TOOL in names else ()))

    def later(self, result: str | None = None) -> Hold:
        """Return what holds a step that may be a call or the answer; after `result`, the last one's."""
        if self.native or not self.forces:
            return self._lazy()
        grammar = call_grammar(self._narrowed(), or_text=True, text=self._quoting(result))
        return Hold(grammar, switches=(_CALL_OPENS,))

    def full(self) -> Hold:
        """Return what holds a step that must be a call, whatever the switches."""
        if self.native:
            return Hold(format_grammar(self.format, self._narrowed_specs()).gbnf)
        return Hold(call_grammar(self._narrowed(), also=(NO_TOOL,)))

    def last(self, result: str | None = None) -> Hold:
        """Return what holds a step that must be an answer."""
        if not self._bound:
            return Hold(switches=self._lazy().switches)
        return Hold(text_grammar(self._quoting(result)))

    def read(self, raw: str, *, in_thoughts: bool = False) -> Reply:
        """Return what is said in an output, its special tokens written out, that may begin in thoughts."""
        parsed = parse(self.format, raw, _specs(self.tools), thinking=in_thoughts)
        calls = tuple(Written(call.name, call.arguments, call.raw, call.id) for call in parsed.calls)
        none = {call.name for call in calls} == {NO_TOOL} or parsed.content.strip() == _NONE
        if none and not self.native:
            return Reply(raw, "", (), none=True)
        return Reply(raw, parsed.content, calls)

    def said(self, reply: Reply, calls: tuple[ToolCall, ...]) -> Message:
        """Return an output as a message of the conversation, with the calls that were made of it.

        Calls that had to be mended stand in it as they should have been written: a model does again
        what it reads.
        """
        as_written = [(call.name, call.arguments) for call in calls] == [
            (call.name, call.arguments) for call in reply.calls
        ]
        if self.native:
            return Message("assistant", reply.content if reply.calls else "", "history", calls=calls)
        mended = "\n".join(call_text(call.name, call.arguments) for call in calls)
        return Message("assistant", reply.text if as_written else mended, "history")

    def answered(self, results: Sequence[tuple[ToolCall, str]]) -> tuple[Message, ...]:
        """Return what tools answered as messages of the conversation, one where roles must take turns."""
        if self.native:
            return tuple(Message("tool", text, "tool_result", call=call) for call, text in results)
        first, *more = (observation(text) for _, text in results)
        return (replace(first, content="\n".join(message.content for message in (first, *more))),)

    def freed(self) -> "Dialect":
        """Return the dialect after a tool has answered: arguments may come from the answer as well."""
        return replace(self, held_to="")

    def examples(self, examples: Iterable[Shown], before: int) -> tuple[Message, ...]:
        """Return examples as past calls of the agent."""
        if not self.native:
            return as_turns(examples, choice=_choice, report=_report, before=before)
        return tuple(
            message for n, example in enumerate(examples, before) for message in _native_turn(example, n)
        )

    def _lazy(self) -> Hold:
        """Return what takes hold where a call begins, or only tells it apart where the grammar is off."""
        if self.native:
            held = format_grammar(self.format, self._narrowed_specs(), parallel=True)
            grammar, triggers = held.gbnf, held.triggers
        else:
            grammar, triggers = call_grammar(self._narrowed()), (OPENING,)
        # A call may be all that is written, or stand behind thoughts and words.
        opens = [PurposeSwitch(t, "call", opening=True) for t in triggers] if self.native else [_CALL_OPENS]
        switches = (*opens, *(PurposeSwitch(t, "call") for t in triggers))
        return Hold(grammar, triggers, switches) if self.helps.grammar else Hold(switches=switches)

    def _narrowed(self) -> list[Tool]:
        if not self.helps.constrained:
            return list(self.tools)
        return [replace(tool, parameters=narrowed(tool, self.held_to)) for tool in self.tools]

    def _narrowed_specs(self) -> tuple[ToolSpec, ...]:
        return _specs(self._narrowed())

    def _quoting(self, result: str | None) -> str | None:
        """Return the expression of an answer that holds a result, if it shall and can; else None."""
        return quoted_answer(result) if self.helps.quoted and result is not None else None


def _specs(tools: Iterable[Tool]) -> tuple[ToolSpec, ...]:
    return tuple(ToolSpec(tool.name, tool.description, tool.parameters) for tool in tools)


def _choice(example: Shown) -> str:
    return call_text(example.tool, example.arguments)


def _report(example: Shown) -> str | None:
    return None if example.tool == NO_TOOL else observation(example.result).content


def _native_turn(example: Shown, before: int) -> Iterable[Message]:
    """Return an example as the model's template spells calls and results."""
    messages = as_turns([example], choice=_choice, report=_report, before=before)
    if example.tool == NO_TOOL:
        request, said = messages
        return request, replace(said, content=example.answer)
    request, said, observed, answer = messages
    call = ToolCall(example.tool, dict(example.arguments))
    return (
        request,
        replace(said, content="", calls=(call,)),
        replace(observed, role="tool", content=example.result, call=call),
        answer,
    )
