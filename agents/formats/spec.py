"""What a tool is to a format: its name, what it does, and the JSON Schema of its arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class ToolSpecError(ValueError):
    """A description of a tool cannot be used; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model is told of it; `parameters` is the JSON Schema of an object."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"type": "object", "properties": {}})

    def as_openai(self) -> dict[str, Any]:
        """Return the tool in the form that chat templates expect."""
        function = {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}

    @staticmethod
    def from_json(value: object) -> "ToolSpec":
        """Return the tool of an OpenAI tool or a bare function. Raises `ToolSpecError`."""
        if isinstance(value, Mapping) and isinstance(value.get("function"), Mapping):
            value = value["function"]
        if not isinstance(value, Mapping) or not isinstance(value.get("name"), str) or not value["name"]:
            raise ToolSpecError("a tool needs a name: {'name': …, 'description': …, 'parameters': {…}}")
        parameters = value.get("parameters")
        parameters = {} if parameters is None else parameters
        if not isinstance(parameters, Mapping):
            raise ToolSpecError(f"the parameters of {value['name']} are no JSON Schema")
        return ToolSpec(value["name"], str(value.get("description") or ""), parameters)

    def schema(self, argument: str) -> Mapping[str, Any]:
        """Return the JSON Schema of an argument, empty where the tool does not say."""
        properties = self.parameters.get("properties")
        schema = properties.get(argument) if isinstance(properties, Mapping) else None
        return schema if isinstance(schema, Mapping) else {}


def named(tools: Iterable[ToolSpec], name: str) -> ToolSpec:
    """Return the tool of a name, or one that says nothing of its arguments."""
    return next((tool for tool in tools if tool.name == name), ToolSpec(name))
