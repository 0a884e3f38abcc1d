"""The Jinja environment of chat templates: they come with model files off the internet, so all is bounded.

A template can neither reach Python nor change what it is given. Every step of a loop, every use of a
filter, every call and every character that it writes is charged to the rendering's budget.
"""

import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from jinja2 import TemplateError, nodes, pass_context
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agents.formats.sandbox_sizes import (
    CALL_SIZES,
    MAX_SIZE,
    check_operation,
    formatted_size,
    size_of,
)

MAX_STEPS = 2_000_000
MAX_OUTPUT = 8_000_000
MAX_INDENT = 16

# They can write much from little, and no chat template needs them.
_NO_FILTERS = (
    *("batch", "center", "filesizeformat", "pprint", "random", "slice", "striptags", "urlize"),
    *("wordwrap", "xmlattr"),
)
_NO_GLOBALS = ("lipsum",)
# Of the methods that change a list: these grow it by no more than one. Kimi's templates append.
_LIST_METHODS = frozenset(["append", "insert", "pop"])
# Characters that a filter or a method reads are charged as one step.
_CHARACTERS_A_STEP = 64


@dataclass(slots=True)
class Budget:
    """What is left to one rendering."""

    steps: int = MAX_STEPS
    output: int = MAX_OUTPUT

    def step(self, count: int) -> None:
        """Charge steps. Raises `TemplateError` when none is left."""
        self.steps -= count
        if self.steps < 0:
            raise TemplateError("it takes too many steps")

    def write(self, count: int) -> None:
        """Charge characters of output. Raises `TemplateError` when none is left."""
        self.output -= count
        if self.output < 0:
            raise TemplateError("it writes too much")


_UNBOUNDED = Budget()
budget: ContextVar[Budget] = ContextVar("budget", default=_UNBOUNDED)


class _Generation(Extension):
    """The `generation` block of Hugging Face templates, which marks training masks: drawn as its body."""

    tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja as Hugging Face sets it up for chat templates, with every cost bounded."""

    intercepted_binops = frozenset(["+", "*", "**", "%", "//", "/", "-"])

    def __init__(self, today: Callable[[], datetime]) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            finalize=_written,
            extensions=[_Generation, loopcontrols],
        )
        self.filters |= {"tojson": _tojson, "from_json": json.loads, "fromjson": json.loads}
        for name in _NO_FILTERS:
            self.filters.pop(name, None)
        for name in _NO_GLOBALS:
            self.globals.pop(name, None)
        self.filters = {name: _charged(function) for name, function in self.filters.items()}
        self.filters |= {"_step": _step, "_concat": _concat}
        self.globals |= {
            "range": _range,
            "raise_exception": _raise,
            "strftime_now": lambda form: today().strftime(form[: MAX_INDENT * 8]),
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _charge_loops(tree)
        tree.set_environment(self)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow what the immutable sandbox does, and to make a list longer or shorter by one."""
        if isinstance(obj, list) and attr in _LIST_METHODS:
            return True
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate, where the result has a bound."""
        check_operation(operator, left, right)
        budget.get().step(1 + _cost(left))
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a bounded `format` for the method of a text, None for anything else."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None

        def checked(*args: Any, **kwargs: Any) -> str:
            _bounded(formatted_size(value.__self__, *args, **kwargs))
            return wrapped(*args, **kwargs)

        return checked

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call, where the result has a bound."""
        owner = getattr(__obj, "__self__", None)
        budget.get().step(1 + _cost(owner))
        if isinstance(owner, str) and (size := CALL_SIZES.get(getattr(__obj, "__name__", ""))):
            _bounded(size(owner, *args, **kwargs))
        return super().call(__context, __obj, *args, **kwargs)


def _charge_loops(tree: nodes.Template) -> None:
    """Let every turn of a loop and every call of a macro begin with its charge; bound what `~` joins."""
    for node in list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock))):
        written = sum(len(data.data) for data in _own(node, nodes.TemplateData))
        node.body.insert(0, nodes.ExprStmt(_filter(nodes.Const(written), "_step")))  # type: ignore[attr-defined]
    for parent in [tree, *tree.find_all(nodes.Node)]:
        for field, value in parent.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(parent, field, _joined(value))
            elif isinstance(value, list):
                value[:] = [_joined(one) if isinstance(one, nodes.Concat) else one for one in value]


def _joined(node: nodes.Concat) -> nodes.Filter:
    return _filter(nodes.List(node.nodes), "_concat")


def _filter(value: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None)


def _own(node: nodes.Node, kind: type[nodes.TemplateData]) -> Iterator[nodes.TemplateData]:
    """Yield what stands in a loop's body and in no loop inside of it."""
    for child in node.iter_child_nodes():
        if isinstance(child, kind):
            yield child
        elif not isinstance(child, nodes.For | nodes.Macro | nodes.CallBlock):
            yield from _own(child, kind)


def _charged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that is charged for what it reads and writes."""
    place = 1 if hasattr(function, "jinja_pass_arg") else 0
    sizes = CALL_SIZES.get(getattr(function, "__name__", "").removeprefix("do_").removeprefix("sync_do_"))

    @wraps(function)
    def charged(*args: Any, **kwargs: Any) -> Any:
        budget.get().step(1 + _cost(args[place]))
        if sizes is not None and isinstance(args[place], str):
            _bounded(sizes(*args[place:], **kwargs))
        result = function(*args, **kwargs)
        if isinstance(result, str):
            _bounded(len(result))
        return result

    return charged


@pass_context
def _step(_context: Any, written: int) -> str:
    budget.get().step(1)
    budget.get().write(written)
    return ""


@pass_context
def _concat(_context: Any, parts: list[Any]) -> str:
    texts = [str(part) for part in parts]
    _bounded(sum(map(len, texts)))
    budget.get().step(1 + _cost(texts[0]))
    return "".join(texts)


@pass_context
def _written(_context: Any, value: Any) -> Any:
    text = value if isinstance(value, str) else str(value)
    budget.get().write(len(text))
    return text


def _range(*args: int) -> range:
    steps = range(*args)
    budget.get().step(len(steps))
    return steps


def _raise(message: str) -> None:
    raise TemplateError(message)


def _cost(value: Any) -> int:
    size = size_of(value)
    return size // _CHARACTERS_A_STEP if isinstance(value, str) else size


def _bounded(size: int) -> None:
    if size > MAX_SIZE:
        raise TemplateError(f"it makes a text of more than {MAX_SIZE} characters")


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return JSON as Hugging Face's filter writes it: without escapes for HTML."""
    if isinstance(indent, int):
        indent = min(indent, MAX_INDENT)
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
        default=_as_list,
    )


def _as_list(value: Any) -> list[Any]:
    """Return what a generator yields: filters such as `map` and `select` make them."""
    if isinstance(value, Iterator):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
