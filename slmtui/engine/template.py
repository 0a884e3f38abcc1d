"""A GGUF's chat template, rendered in a sandbox, with our text marked apart from the template's.

What the template writes may contain control tokens; what a person, a tool or the model wrote may not.
So every message's text is wrapped in two noncharacters before rendering, and the rendered prompt is
split at them: pieces of the template are tokenized with control tokens on, all else with them off.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agents.message import Message, Origin

# Unicode noncharacters: reserved for use inside a program, never in text.
OPEN, CLOSE = "\ufdd0", "\ufdd1"


class ChatTemplateError(Exception):
    """A chat template cannot be used; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a rendered prompt, and where it comes from; only `template` may hold control tokens."""

    text: str
    origin: Origin


class _Generation(Extension):
    """The `generation` block of Hugging Face templates, which marks training masks: drawn as its body."""

    tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _raise(message: str) -> None:
    raise TemplateError(message)


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)


class ChatTemplate:
    """One chat template with its special tokens. `today` is read for templates that print the date."""

    def __init__(self, source: str, *, bos: str, eos: str, today: Callable[[], datetime]) -> None:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
        )
        environment.filters["tojson"] = _tojson
        environment.globals |= {
            "raise_exception": _raise,
            "strftime_now": lambda form: today().strftime(form),
        }
        self._tokens = {"bos_token": bos, "eos_token": eos}
        try:
            self._template = environment.from_string(source)
        except (TemplateError, RecursionError) as error:
            raise ChatTemplateError(f"the model's chat template does not compile: {error}") from error

    def pieces(self, messages: Sequence[Message]) -> list[Piece]:
        """Render messages, with the prompt for the next answer. Raises `ChatTemplateError`."""
        clean = [replace(m, content=_without_marks(m.content)) for m in messages]
        # Some templates cannot do without tools, some without a system that they do not know.
        for variant, tools in ((clean, None), (clean, []), (_system_folded(clean), None)):
            try:
                return self._split(variant, tools)
            except TemplateError as error:
                reason = error
            except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
                reason = TemplateError(str(error))
        raise ChatTemplateError(f"the model's chat template refused the conversation: {reason}")

    def _split(self, messages: list[Message], tools: list[Any] | None) -> list[Piece]:
        plain = self._render([m.content for m in messages], messages, tools)
        for strip in (False, True):
            contents = [m.content.strip() if strip else m.content for m in messages]
            marked = [f"{OPEN}{i:x}{OPEN}{text}{CLOSE}" for i, text in enumerate(contents)]
            pieces = _pieces(self._render(marked, messages, tools), messages)
            if pieces is not None and "".join(piece.text for piece in pieces) == plain:
                return pieces
        # The template rewrites what it is given, so text cannot be told apart by place; it can by
        # being broken up wherever it could be read as a control token.
        broken = [_broken_up(m.content) for m in messages]
        return [Piece(self._render(broken, messages, tools), "template")]

    def _render(self, contents: list[str], messages: list[Message], tools: list[Any] | None) -> str:
        turns = [{"role": m.role, "content": c} for m, c in zip(messages, contents, strict=True)]
        return self._template.render(messages=turns, add_generation_prompt=True, tools=tools, **self._tokens)


def _without_marks(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def _broken_up(text: str) -> str:
    """Put a zero-width space behind each bracket, so that no text spells a control token."""
    return text.replace("<", "<\u200b").replace("[", "[\u200b")


def _system_folded(messages: list[Message]) -> list[Message]:
    """Return the messages with the system's put before the first of the user, for templates without one."""
    system = "\n\n".join(m.content for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    if not system or not rest or rest[0].role != "user":
        return messages
    return [replace(rest[0], content=f"{system}\n\n{rest[0].content}"), *rest[1:]]


def _pieces(rendered: str, messages: list[Message]) -> list[Piece] | None:
    """Split a marked rendering; None when a mark was lost or moved."""
    pieces: list[Piece] = []
    head, *marked = rendered.split(CLOSE)
    for part in (head, *marked):
        before, *inside = part.split(OPEN)
        if before:
            pieces.append(Piece(before, "template"))
        if not inside:
            continue
        if len(inside) != 2 or not _is_index(inside[0], len(messages)):
            return None
        if inside[1]:
            pieces.append(Piece(inside[1], messages[int(inside[0], 16)].origin))
    if len(marked) != rendered.count(OPEN) // 2:
        return None
    return pieces


def _is_index(text: str, count: int) -> bool:
    try:
        return 0 <= int(text, 16) < count
    except ValueError:
        return False
