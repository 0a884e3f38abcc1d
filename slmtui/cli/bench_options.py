"""The options of `slmtui bench`, and what their texts amount to."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

from agents.helps import Helps, switched
from slmtui.cli.exits import Exit, fail
from slmtui.cli.options import switches
from slmtui.models.find import looks_like_path
from slmtui.suites.asked import Asked
from slmtui.suites.plan import Switch
from slmtui.suites.suite import Split

Suites = Annotated[
    list[str] | None,
    typer.Argument(
        help="Suites: bundled, gsm8k, svamp, mmlu, bfcl-simple, bfcl-multiple, bfcl-irrelevance, ifeval,"
        " tatqa, finqa; NAME=PATH for one from a file, or a JSONL or CSV file of your own with --map.",
        metavar="SUITE…",
    ),
]
Paradigms = Annotated[
    list[str] | None,
    typer.Option(
        "--paradigm", "-p", help="An arm, or several with commas between; by default base,single,multi."
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", "-m", help="A GGUF file, or the name of a model. Repeatable."),
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", help="A switch with values, as examples=0,4: an arm for each. Repeatable."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="The first N items of each suite.")]
Repeats = Annotated[int | None, typer.Option(min=1, max=1000, help="So many tries of each item. Default 1.")]
Seed = Annotated[
    int | None,
    typer.Option(min=0, max=2**31, help="Of the order, the draw and what is generated. Default 1."),
]
Temperature = Annotated[float | None, typer.Option(min=0, max=5, help="Default 0, which is greedy.")]
MaxTokens = Annotated[int | None, typer.Option(min=1, help="Output tokens of a turn at most.")]
BudgetTokens = Annotated[
    int | None,
    typer.Option(min=1, help="Output tokens of a turn at most, and of each agent: equal for all arms."),
]
AtOnce = Annotated[
    int | None, typer.Option(min=1, max=64, help="Attempts at once. Default 4; 1 for times undisturbed.")
]
TheSplit = Annotated[Split | None, typer.Option(help="The part of a suite: test (the default) or train.")]
Data = Annotated[Path | None, typer.Option(help="The folder that has the data sets.")]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="For files of your own: prompt=COLUMN, answer=COLUMN, options=COLUMN, and scorer=exact, number,"
        " choice, contains, regex, date, function and others. Repeatable.",
    ),
]
Resume = Annotated[
    str | None, typer.Option(help="Go on with a run: its id, part of it, or last. Nothing runs twice.")
]
Report = Annotated[
    Path | None,
    typer.Option(help="When the run has ended, write its report to this file: .html, .md, .json or .csv."),
]
ThePreset = Annotated[
    Literal["paper"] | None,
    typer.Option(help="paper: base, single and multi as in arXiv 2604.19299, one at a time."),
]
StopEarly = Annotated[
    bool, typer.Option("--stop-early", help="Stop by a rule that is stated before, when all is decided.")
]

Given: TypeAlias = list[str] | None


def asked_of(**flags: Any) -> Asked:
    """Return what the flags ask for, by their names in `Asked`. A wrong text ends the command."""
    return Asked(**{name: _READ.get(name, _as_it_is)(value) for name, value in flags.items()})


def listed(given: Given) -> tuple[str, ...]:
    """Return what a repeatable option names, also with commas between."""
    names = (name.strip() for each in given or () for name in each.split(","))
    return tuple(dict.fromkeys(filter(None, names)))


def model_paths(given: Given) -> tuple[str, ...]:
    """Return models as named; paths from the root, for the run may be gone on with from another folder."""
    return tuple(
        str(Path(name).expanduser().absolute()) if looks_like_path(name) else name
        for name in dict.fromkeys(given or ())
    )


def pairs(option: str, given: Given) -> dict[str, str]:
    """Return `NAME=VALUE` texts as a mapping. A wrong one ends the command."""
    split = [each.partition("=") for each in given or ()]
    for name, sign, value in split:
        if not (name.strip() and sign and value.strip()):
            fail(Exit.USAGE, f"{option} {name}{sign}{value}: write NAME=VALUE")
    return {name.strip(): value.strip() for name, _, value in split}


def varied(given: Given) -> Mapping[str, tuple[Switch, ...]]:
    """Return the switches that vary with their values. A wrong one ends the command."""
    return {name: tuple(_values(name, text.split(","))) for name, text in pairs("--vary", given).items()}


def _values(name: str, texts: Iterable[str]) -> Iterable[Switch]:
    for text in texts:
        try:
            yield getattr(switched(Helps(), name, text.strip()), name)
        except ValueError as error:
            fail(Exit.USAGE, f"--vary {name}={text}: {error}")


def _as_it_is(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "suites": lambda given: tuple(dict.fromkeys(given or ())),
    "paradigm": listed,
    "model": model_paths,
    "switch": switches,
    "vary": varied,
    "map": lambda given: pairs("--map", given),
    "data": lambda folder: str(folder.absolute()) if folder else None,
    "allow": listed,
}
"""How a flag is read that is not taken as it is."""
