"""`slmtui arms`: the arms of a comparison, in what they differ, and the switches of help."""

from typing import Annotated

import typer

from agents.factors import differences
from agents.helps import MEANING, Helps
from agents.paradigms import PARADIGMS, ParadigmInfo
from slmtui.cli.exits import Exit, fail
from slmtui.cli.options import Json
from slmtui.cli.output import emit, emit_json, fields


def arms(
    against: Annotated[str, typer.Option(help="The arm that the others are told apart from.")] = "base",
    as_json: Json = False,
) -> None:
    """List the arms with the factors in which each differs from another, and the switches of help."""
    if against not in PARADIGMS:
        fail(Exit.USAGE, f"there is no arm named {against!r}; choose one of: {', '.join(PARADIGMS)}")
    helps = Helps()
    other = PARADIGMS[against]
    if as_json:
        listed = [_object(info, other, helps) for info in PARADIGMS.values()]
        emit_json({"arms": listed, "switches": helps.told()})
        return
    shown = "\n\n".join(_shown(info, other, helps) for info in PARADIGMS.values())
    switches = fields([(f"  {name}={value}", MEANING[name]) for name, value in helps.told().items()])
    emit(f"{shown}\n\nSwitches, with their defaults (--switch NAME=VALUE):\n{switches}")


def _differences(info: ParadigmInfo, other: ParadigmInfo, helps: Helps) -> tuple[str, ...]:
    return differences(info.factors_with(helps), other.factors_with(helps))


def _object(info: ParadigmInfo, other: ParadigmInfo, helps: Helps) -> dict[str, object]:
    return {
        "name": info.name,
        "description": info.description,
        "control": info.control,
        "factors": info.factors_with(helps),
        f"differs_from_{other.name}_in": list(_differences(info, other, helps)),
    }


def _shown(info: ParadigmInfo, other: ParadigmInfo, helps: Helps) -> str:
    kind = " (control)" if info.control else ""
    lines = [f"{info.name}{kind}: {info.description}"]
    found = _differences(info, other, helps)
    if info is not other:
        told = "one factor" if len(found) == 1 else f"{len(found)} factors"
        lines.append(f"  differs from {other.name} in {told}: {'; '.join(found)}")
    return "\n".join(lines)
