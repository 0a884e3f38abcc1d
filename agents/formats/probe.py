"""Renderings of a template with made-up calls: all that is known of a model's format comes from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from agents.formats.format import Tools
from agents.formats.spec import ToolSpec
from agents.formats.template import Template, TemplateRefusedError

# Words that no template says of itself.
USER, CONTENT, THOUGHT, RESULT = "Uqzv8", "Cqzv8", "Rqzv8", "Tqzv8"
NAMES = ("find_qzva", "make_qzvb")
KEYS = ("kqzva", "kqzvb")
VALUES = ("vqzva", "vqzvb")
# Nine letters and digits, as the strictest templates want them.
IDS = ("idqzva7Xa", "idqzva7Xb")
_NO_MORE: Mapping[str, Any] = MappingProxyType({})
THOUGHT_KEYS = ("reasoning_content", "reasoning", "thinking", "thought")


def probe_tools() -> tuple[ToolSpec, ...]:
    """Return the tools that the made-up calls are of."""
    properties = {key: {"type": "string", "description": f"the {key}"} for key in KEYS}
    schema = {"type": "object", "properties": properties, "required": list(KEYS)}
    return tuple(ToolSpec(name, f"Does what {name} does.", schema) for name in NAMES)


@dataclass(frozen=True, slots=True)
class Probe:
    """A template and how calls are put to it; every rendering is a text, or None where it is refused.

    `rendered` keeps what has been rendered, for this probe and those that are made of it.
    """

    template: Template
    tools: Tools
    dict_arguments: bool = True
    content: str | None = ""
    switches: Mapping[str, Any] = field(default_factory=dict)
    rendered: dict[str, str | None] = field(default_factory=dict)

    def with_(self, **changes: Any) -> "Probe":
        """Return the probe with some of it changed."""
        return replace(self, **changes)

    def prompt(self, *, tools: bool = True) -> str | None:
        """Return the prompt for the first answer."""
        return self._render([_user()], tools=tools, prompt=True)

    def question(self) -> str | None:
        """Return the user's message alone, without the beginning of an answer."""
        return self._render([_user()], tools=True, prompt=False)

    def answer(self, content: str | None, more: Mapping[str, Any] = _NO_MORE) -> str | None:
        """Return a conversation that ends with an answer; `more` is added to its message."""
        message = {"role": "assistant", "content": content, **more}
        return self._render([_user(), message], tools=True, prompt=False)

    def calls(self, *calls: tuple[str, Mapping[str, Any]], more: Mapping[str, Any] = _NO_MORE) -> str | None:
        """Return a conversation that ends with calls, each a name with arguments."""
        message = {**self.call_message(calls), **more}
        return self._render([_user(), message], tools=True, prompt=False)

    def call_message(self, calls: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
        """Return the message of calls."""
        written = [
            {
                "id": identifier,
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": arguments if self.dict_arguments else json.dumps(arguments),
                },
            }
            for identifier, (name, arguments) in zip(IDS, calls, strict=False)
        ]
        return {"role": "assistant", "content": self.content, "tool_calls": written}

    def result(self, message: Mapping[str, Any]) -> str | None:
        """Return a conversation that ends with a call and what came of it."""
        call = self.call_message([(NAMES[0], {KEYS[0]: VALUES[0]})])
        return self._render([_user(), call, message], tools=True, prompt=True)

    def _render(self, messages: Sequence[Mapping[str, Any]], *, tools: bool, prompt: bool) -> str | None:
        variables = tool_variables(self.tools, probe_tools() if tools else ()) | dict(self.switches)
        key = json.dumps([messages, variables, prompt])
        if key not in self.rendered:
            try:
                self.rendered[key] = self.template.render(messages, add_generation_prompt=prompt, **variables)
            except TemplateRefusedError:
                self.rendered[key] = None
        return self.rendered[key]


def tool_variables(tools: Tools, specs: Sequence[ToolSpec]) -> dict[str, Any]:
    """Return the variables by which a template is told of tools."""
    found: dict[str, Any] = dict.fromkeys(tools.extra, "")
    if tools.variable:
        listed = [spec.as_openai() for spec in specs]
        text = json.dumps([one["function"] for one in listed], ensure_ascii=False, indent=2)
        found[tools.variable] = text if tools.form == "text" else listed
    return found


def _user() -> dict[str, Any]:
    return {"role": "user", "content": USER}
