"""A chat template, rendered in a sandbox."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, meta

from agents.formats.sandbox import Budget, Sandbox, budget

# What a template that is wrong, hostile, or fed what it does not expect may raise.
_REFUSALS = (
    TemplateError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
    RuntimeError,
    SyntaxError,
)


class TemplateRefusedError(Exception):
    """A chat template cannot be used, or refused what it was to render; the text says why, for the user."""


class Template:
    """One chat template with its special tokens. `today` is read by templates that print the date.

    Raises `TemplateRefusedError` where the source does not compile.
    """

    def __init__(self, source: str, *, bos: str = "", eos: str = "", today: Callable[[], datetime]) -> None:
        self.source = source
        self._budget = Budget()
        self._tokens = {"bos_token": bos, "eos_token": eos}
        sandbox = Sandbox(today)
        try:
            self.variables = frozenset(meta.find_undeclared_variables(sandbox.parse(source)))
            self._template = sandbox.from_string(source)
        except _REFUSALS as error:
            raise TemplateRefusedError(f"the chat template does not compile: {_reason(error)}") from error

    def bounded(self, steps: int, output: int) -> "Template":
        """Return the template with so many steps and characters of output for each rendering."""
        other = copy.copy(self)
        other._budget = Budget(steps, output)
        return other

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        **extra: Any,
    ) -> str:
        """Return the prompt that the template makes of a conversation.

        `extra` are further variables, such as `enable_thinking`. Neither messages nor tools are
        changed. Raises `TemplateRefusedError` where the template fails, refuses or takes too much.
        """
        given = copy.deepcopy({"messages": list(messages), "tools": None if tools is None else list(tools)})
        token = budget.set(replace(self._budget))
        try:
            return self._template.render(
                given, add_generation_prompt=add_generation_prompt, **(self._tokens | extra)
            )
        except _REFUSALS as error:
            raise TemplateRefusedError(f"the chat template refused: {_reason(error)}") from error
        finally:
            budget.reset(token)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
