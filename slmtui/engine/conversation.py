"""Messages and tools in the form that a chat template is given, with every text of ours wrapped."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.examples import observation
from agents.formats.calls import Call
from agents.formats.format import CallFormat
from agents.formats.spec import ToolSpec
from agents.formats.write import identifier, written
from agents.message import Message, ToolCall
from slmtui.engine.marks import Source, Wrap

# Names, types and references: they spell no control token, and templates compare them.
_PLAIN_NAME = re.compile(r"[\w.$/#:-]*")
_NAMED = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_PROSE = {"description", "title", "enum", "const", "default", "example", "examples", "$comment"}
_TOOL = Source("tools", "tool")


class Speller:
    """Puts messages and tools into the form that one template wants.

    With `as_user`, results go back as messages of the user. `drops_thoughts` says that the template cuts
    an assistant's thoughts out of its text: they must be gone before the text is marked.
    """

    def __init__(self, fmt: CallFormat, wrap: Wrap, *, as_user: bool, drops_thoughts: bool) -> None:
        self._format = fmt
        self._wrap = wrap
        self._role = "user" if as_user else fmt.results.role
        self._drops_thoughts = drops_thoughts
        self._calls = 0
        self._open: list[str] = []

    def turns(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """Return the messages of a template."""
        self._calls, self._open = 0, []
        return [self._turn(message) for message in messages]

    def tools(self, tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
        """Return the tools of a template: all text in them is wrapped that is not a plain name."""
        return [self._schema(tool.as_openai()) for tool in tools]

    def _turn(self, message: Message) -> dict[str, Any]:
        if message.role == "tool":
            return self._result(message)
        if message.role == "assistant":
            return self._said(message)
        return {"role": message.role, "content": self._wrap(message.content, Source(message.origin))}

    def _said(self, message: Message) -> dict[str, Any]:
        thoughts, content = self._apart(message.content)
        source = Source(message.origin, "said")
        turn: dict[str, Any] = {"role": "assistant", "content": self._wrap(content, source)}
        if thoughts and self._format.reasoning.field:
            turn[self._format.reasoning.field] = self._wrap(thoughts, source)
        if message.calls and self._format.guessed:
            turn["content"] += self._spelled(message)
        elif message.calls:
            turn["tool_calls"] = [self._call(call, message) for call in message.calls]
            if self._format.null_content and not content:
                turn["content"] = None
        return turn

    def _spelled(self, message: Message) -> str:
        """Return calls as the model writes them, for a template that knows tools and writes no calls."""
        source = Source(message.origin, "argument")
        calls = [
            Call(self._name(call.name, source), self._leaves(call.arguments, source), id=call.id)
            for call in message.calls
        ]
        return written(self._format, calls)

    def _apart(self, text: str) -> tuple[str, str]:
        """Return the thoughts that a text begins with, unless they are to stay in it, and the rest."""
        reasoning = self._format.reasoning
        opened, closed = reasoning.open.strip(), reasoning.close.strip()
        if not closed or closed not in text or not (reasoning.field or self._drops_thoughts):
            return "", text
        thoughts, content = text.split(closed, 1)
        return thoughts.strip().removeprefix(opened).strip(), content.lstrip("\n")

    def _call(self, call: ToolCall, message: Message) -> dict[str, Any]:
        source = Source(message.origin, "argument")
        arguments: Any = self._leaves(call.arguments, source)
        if not self._format.dict_arguments:
            arguments = json.dumps(arguments, ensure_ascii=False)
        name = call.id or identifier(self._format, call.name, self._calls)
        self._calls += 1
        self._open.append(name)
        function = {"name": self._name(call.name, source), "arguments": arguments}
        return {"type": "function", "id": self._name(name, source), "function": function}

    def _result(self, message: Message) -> dict[str, Any]:
        content = self._wrap(message.content, Source(message.origin))
        if self._role == "user" or message.call is None:
            return {"role": self._role, "content": content}
        source = Source(message.origin, "argument")
        name, call = self._name(message.call.name, source), self._name(self._answered(message.call), source)
        return {"role": self._role, "name": name, "tool_call_id": call, "content": content}

    def _answered(self, call: ToolCall) -> str:
        """Return the id of a call that is answered now: its own, or that of the first without an answer."""
        name = call.id or next(iter(self._open), "") or identifier(self._format, call.name, 0)
        if name in self._open:
            self._open.remove(name)
        return name

    def _leaves(self, value: Any, source: Source) -> Any:
        """Return a JSON value with every string in it wrapped."""
        if isinstance(value, str):
            return self._wrap(value, source)
        if isinstance(value, Mapping):
            return {self._name(str(key), source): self._leaves(one, source) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._leaves(one, source) for one in value]
        return value

    def _schema(self, value: Any, *, prose: bool = False, names: bool = False) -> Any:
        """Return a JSON Schema with its prose wrapped; `names` says that its keys are names of properties."""
        if prose:
            return self._leaves(value, _TOOL)
        if isinstance(value, str):
            return self._name(value, _TOOL)
        if isinstance(value, Mapping):
            return {
                self._name(str(key), _TOOL): self._schema(
                    one, prose=key in _PROSE and not names, names=key in _NAMED and not names
                )
                for key, one in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._schema(one) for one in value]
        return value

    def _name(self, text: str, source: Source) -> str:
        return text if _PLAIN_NAME.fullmatch(text) else self._wrap(text, source)


def system_folded(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with the system's put before the first of the user, for templates without one."""
    system = "\n\n".join(m.content for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    if not system or not rest or rest[0].role != "user":
        return list(messages)
    return [replace(rest[0], content=f"{system}\n\n{rest[0].content}"), *rest[1:]]


def described(tools: Sequence[ToolSpec]) -> list[ToolSpec]:
    """Return the tools with an empty description where an argument has none: some templates need one."""
    return [replace(tool, parameters=_described(tool.parameters)) for tool in tools]


def _described(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = parameters.get("properties")
    if not isinstance(properties, Mapping):
        return parameters
    told = {
        name: {"description": "", **schema} if isinstance(schema, Mapping) else schema
        for name, schema in properties.items()
    }
    return {**parameters, "properties": told}


def one_by_one(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with one for each call, and its result behind it, as some templates want it."""
    spread: list[Message] = []
    rest = list(messages)
    while rest:
        message = rest.pop(0)
        if len(message.calls) < 2:
            spread.append(message)
            continue
        for n, call in enumerate(message.calls):
            spread.append(replace(message, content="" if n else message.content, calls=(call,)))
            if rest and rest[0].role == "tool":
                spread.append(rest.pop(0))
    return spread


def in_words(messages: Sequence[Message], fmt: CallFormat) -> list[Message]:
    """Return the messages with calls and results written out, for templates that know no tools."""
    written_out: list[Message] = []
    last_role = ""
    for message in messages:
        spoken = _in_words(message, fmt)
        if last_role == message.role == "tool":  # roles must take turns
            before = written_out.pop()
            spoken = replace(before, content=f"{before.content}\n{spoken.content}")
        written_out.append(spoken)
        last_role = message.role
    return written_out


def _in_words(message: Message, fmt: CallFormat) -> Message:
    if message.role == "tool":
        return replace(message, role="user", content=observation(message.content).content, call=None)
    if not message.calls:
        return message
    text = written(fmt, [Call(call.name, call.arguments, id=call.id) for call in message.calls])
    return replace(message, content=f"{message.content}\n{text}" if message.content else text, calls=())
