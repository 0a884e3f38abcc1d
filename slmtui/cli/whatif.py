"""`slmtui whatif`: stored turns run again with something changed, beside what they were."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sessions.errors import UnknownTurnError
from sessions.records import TurnRecord
from sessions.store import Store
from slmtui.assemble import settings_of, surroundings
from slmtui.cli.approving import TerminalApprover
from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.interrupts import stop_on_interrupt
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Allow, Cold, Db, Json, Model, Paradigm, Switches, overrides, switches
from slmtui.cli.output import emit, emit_json, short
from slmtui.cli.set_option import SetOption, loading, settings_given
from slmtui.cli.turn_or_session import HELP, METAVAR, turn_or_session
from slmtui.cli.whatif_report import as_object, report
from slmtui.frozen_tools import MadeCall
from slmtui.settings import Settings
from slmtui.whatif import How, WhatIf, what_if
from slmtui.whatif_boxes import ItemBoxes
from slmtui.whatif_model import model_of
from slmtui.whatif_plan import Asked, Plan, merged, plan_of
from slmtui.whatif_stage import LocalStage
from slmtui.whatif_suite import WasRun, was_run

NOT_HERE = ("db", "theme")
LINE = 160

Ref = Annotated[str, typer.Argument(help=HELP, metavar=METAVAR)]


def whatif(
    ref: Ref,
    paradigm: Paradigm = None,
    model: Model = None,
    seed: Annotated[int | None, typer.Option(help="The seed of the draw.")] = None,
    temperature: Annotated[float | None, typer.Option(help="0 is greedy.")] = None,
    set_: SetOption = None,
    switch: Switches = None,
    prompt: Annotated[str | None, typer.Option(help="Ask this instead.")] = None,
    cold: Cold = False,
    live_tools: Annotated[
        bool, typer.Option("--live-tools", help="Run every tool, and take no result from the stored turn.")
    ] = False,
    allow: Allow = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Run a stored turn again with something changed, and show where the two part and what each cost.

    It runs on the conversation that stood before it. Tools answer what they answered then; a call that was
    not made then is run. What comes of it is kept beside the stored turn, which stays as it is.
    """
    if prompt is not None and not prompt.strip():
        fail(Exit.USAGE, "--prompt is empty; write what is to be asked instead")
    flags = overrides(
        model=model,
        paradigm=paradigm,
        sampling={"seed": seed, "temperature": temperature},
        agents={"help": switches(switch)},
    )
    given = merged(flags, settings_given(set_, NOT_HERE))
    asked = Asked(given, given.pop("model", None), prompt, cold)
    with stored_sessions(db) as store:
        plans = _plans(store, ref, asked, db, set_)
        if not any(plan.changes for plan in plans):
            say("Nothing is changed: it runs again as it was.")
        found = asyncio.run(_run(plans, store, allow, live_tools=live_tools))
    _print(found, as_json=as_json)
    _end_with(found)


def _turns(store: Store, ref: str) -> list[TurnRecord]:
    """Return the turn that is meant, or the turns of the session that is meant, so far as they have ended."""
    found = turn_or_session(store, ref)
    turns = [found] if isinstance(found, TurnRecord) else store.turns(found.id)
    if not turns:
        fail(Exit.FAILED, f"session {ref} has no turn to run again")
    ended = [turn for turn in turns if turn.status is not None]
    if not ended:
        fail(Exit.FAILED, f"turn {turns[0].turn} still runs; wait for its end")
    if len(ended) < len(turns):
        say(f"Left out: turn {turns[-1].turn}, which still runs.")
    return ended


def _plans(store: Store, ref: str, asked: Asked, db: Path | None, given: list[str] | None) -> list[Plan]:
    around = surroundings()

    def load(values: Mapping[str, Any]) -> Settings:
        return settings_of(around, {**values, **overrides(db=db)})

    known: dict[tuple[str, str], str] = {}

    def model(turn: TurnRecord) -> str:
        key = turn.model_hash, turn.model
        if key not in known:
            known[key] = str(model_of(turn, load({}), around))
        return known[key]

    return [
        plan_of(turn, asked, loading(load, given), model, _was(store, turn)) for turn in _turns(store, ref)
    ]


def _was(store: Store, turn: TurnRecord) -> WasRun:
    try:
        return was_run(turn, store.what_ifs)
    except UnknownTurnError:
        fail(
            Exit.FAILED,
            f"turn {turn.turn} ran a turn again that was deleted, and what stood before that is gone with it;"
            " choose another turn",
        )


async def _run(
    plans: Sequence[Plan], store: Store, allow: list[str] | None, *, live_tools: bool
) -> list[WhatIf]:
    around = surroundings()
    with ItemBoxes() as boxes:
        how = How(
            stage=lambda settings: LocalStage(settings, around),
            approver=TerminalApprover(allow or ()),
            stop=stop_on_interrupt(),
            live_tools=live_tools,
            box_of=boxes.box_of,
            begin=_begin,
            tell=_tell,
        )
        return await what_if(plans, store, how)


def _begin(plan: Plan) -> None:
    say(short(f"Runs again under {plan.settings.paradigm}: {plan.prompt}", LINE))


def _tell(made: MadeCall) -> None:
    arguments = ", ".join(f"{key}={value!r}" for key, value in made.arguments.items())
    where = "frozen, as the stored turn was answered" if made.frozen else "live"
    say(f"  {short(f'{made.name}({arguments})', LINE)}: {where}")


def _print(found: Sequence[WhatIf], *, as_json: bool) -> None:
    if as_json:
        emit_json(as_object(found))
    else:
        emit(report(found))


def _end_with(found: Sequence[WhatIf]) -> None:
    """End the command as its turns did."""
    if any(each.now.status == "cancelled" for each in found):
        fail(Exit.INTERRUPTED, f"interrupted; what was written is kept in session {found[0].record.session}")
    for each in found:
        if each.now.status != "ok":
            fail(Exit.FAILED, f"turn {each.now.turn} ended as {each.now.status}: {each.now.reason}")
