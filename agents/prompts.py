"""What is said to a model beside the conversation. Every word here is read by it again in each turn."""

from collections.abc import Iterable

from agents.formats.calls import Call
from agents.formats.format import CallFormat
from agents.formats.write import written
from agents.helps import Helps
from agents.message import Message
from tools.registry import Tool

SYSTEM = Message("system", "You are a helpful assistant.", "system")

_STRUCTURED = (
    "You are a careful assistant.\n"
    "1. Read what is asked and note the given facts.\n"
    "2. Work it out step by step.\n"
    "3. Check the result.\n"
    "4. Give the answer."
)
_FORMAT_HINT = "End with one short sentence that states the answer."
_THINK = "First think about it in a few short lines. Do not answer yet."
GO_ON = Message("user", "Now answer.", "system")


def system_of(helps: Helps, own: str = "") -> Message:
    """Return the system's message, the same for every paradigm with the same switches.

    The user's `own` system prompt stands in for the plain one, and before what the switches add.
    """
    parts = [own.strip() or ("" if helps.structured else SYSTEM.content)]
    parts += [_STRUCTURED] if helps.structured else []
    parts += [_FORMAT_HINT] if helps.format_hint else []
    return Message("system", "\n".join(filter(None, parts)), "system")


def with_own(own: str, instructions: str) -> Message:
    """Return an agent's instructions as its system's message, behind the user's own system prompt."""
    return Message("system", f"{own.strip()}\n{instructions}" if own.strip() else instructions, "system")


def asked_to_think(prompt: Message) -> Message:
    """Return the prompt with the request to think first."""
    return Message(prompt.role, f"{prompt.content}\n\n{_THINK}", prompt.origin, prompt.group)


def tool_list(tools: Iterable[Tool], fmt: CallFormat) -> Message:
    """Return the tools in words, for a model whose template shows it none."""
    lines = [f"- {tool.name}({_arguments(tool)}): {tool.description}" for tool in tools]
    call = written(fmt, [Call("NAME", {"ARGUMENT": "VALUE"})]).strip()
    text = f"Tools that may be called, by writing {call} and nothing else:\n" + "\n".join(lines)
    return Message("system", text, "tools")


def _arguments(tool: Tool) -> str:
    required = tool.parameters.get("required", ())
    return ", ".join(
        name if name in required else f"{name}?" for name in tool.parameters.get("properties", {})
    )


def call_refused(problem: str) -> Message:
    """Return the error of an invalid call, told in the third person.

    A small model that reads "I made a mistake" takes it for its own words, and says so again.
    """
    return Message(
        "user", f"The call was not valid. {problem} The call must be written again.", "tool_result"
    )
