"""`slmtui replay`: a stored session as it went, without any model."""

import asyncio
import json
import math
import sys
import time
from typing import Annotated

import typer

from agents.events import Event
from sessions.event_json import encode
from sessions.replay import Timeline
from sessions.replay import replay as play
from slmtui.cli.exits import Exit, fail
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.sessions import Session
from slmtui.cli.transcript import Transcript

FASTEST = "max"


def _speed(text: str) -> float:
    """Return how many recorded seconds pass in one. Raises `typer.BadParameter`."""
    if text == FASTEST:
        return math.inf
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < math.inf:
        raise typer.BadParameter(f"speed is a number above 0, or {FASTEST}")
    return speed


def replay(
    session: Session,
    turn: Annotated[int | None, typer.Option(min=1, help="Only this turn, counted from 1.")] = None,
    speed: Annotated[
        float | None,
        typer.Option(parser=_speed, metavar="N|max", help="2 is twice as fast; 1 on a terminal, else max."),
    ] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Print the turns of a session as they went. With --json: every event at once, one a line."""
    with stored_sessions(db) as store:
        ident = store.session(session).id
        turns = store.turns(ident)
        if turn is not None and turn > len(turns):
            fail(Exit.USAGE, f"session {ident} has {len(turns)} turns; there is no turn {turn}")
        chosen = turns if turn is None else turns[turn - 1 : turn]
        events = [store.events(each.turn) for each in chosen]
    if as_json:
        for each, of_turn in zip(chosen, events, strict=True):
            _print_events(each.turn, of_turn)
        return
    timeline = Timeline(events)
    timeline.speed = speed or (1.0 if sys.stdout.isatty() else math.inf)
    asyncio.run(_play(timeline))


async def _play(timeline: Timeline) -> None:
    transcript = Transcript(lambda text: typer.echo(text, nl=False))
    async for event in play(timeline, sleep=asyncio.sleep, clock=time.monotonic):
        transcript.show(event)


def _print_events(turn: str, events: list[Event]) -> None:
    for event in events:
        line = {"turn": turn, "event": type(event).__name__, **json.loads(encode(event))}
        typer.echo(json.dumps(line))
