"""`slmtui ask`: one prompt, answered on standard output."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from agents.events import Event
from agents.message import ORIGINS, PURPOSES, Sampling
from sessions.listing import SessionSummary
from sessions.money import Cost
from sessions.records import ToolCallRecord, TurnRecord, TurnRecords
from sessions.tally import TurnTally
from slmtui.assemble import make_backend, open_store, settings_of, surroundings
from slmtui.cli.answer import AnswerPrinter
from slmtui.cli.approving import TerminalApprover
from slmtui.cli.exits import Exit, fail, say, user_errors
from slmtui.cli.interrupts import stop_on_interrupt
from slmtui.cli.money import Pricing, cost_details, energy_text, money_objects, packed
from slmtui.cli.options import Allow, Cold, Db, Json, Model, Notes, Paradigm, Switches, overrides, switches
from slmtui.cli.output import emit_json
from slmtui.encodings import BackgroundEncodings
from slmtui.session import LiveSession
from slmtui.settings import Settings
from slmtui.tui.format import duration, rate, size
from slmtui.tui.state.cost_line import SEPARATOR
from tools.approval import Approver

MAX_PROMPT_BYTES = 16 * 1024 * 1024
ENCODINGS_S = 30.0
"""Encodings of hosted services are waited for so long; the model's own tokens stand in for a late one."""


def ask(
    prompt: Annotated[str, typer.Argument(help="The prompt; - reads it from standard input.")],
    paradigm: Paradigm = None,
    model: Model = None,
    seed: Annotated[int | None, typer.Option(help="The seed of the draw.")] = None,
    temperature: Annotated[float | None, typer.Option(help="0 is greedy.")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Output tokens of the turn at most.")] = None,
    session: Annotated[
        str | None, typer.Option(help="Go on with this session: its id, part of it, or last.")
    ] = None,
    system: Annotated[
        str | None, typer.Option(help="Your own system prompt; by default the session's, if it has one.")
    ] = None,
    db: Db = None,
    notes: Notes = None,
    cold: Cold = False,
    switch: Switches = None,
    allow: Allow = None,
    as_json: Json = False,
) -> None:
    """Answer one prompt and keep the turn; the answer goes to standard output, its cost to standard error."""
    text = _prompt(prompt)
    given = overrides(
        paradigm=paradigm,
        model=model,
        db=db,
        notes=notes,
        sampling={"seed": seed, "temperature": temperature},
        limits={"max_tokens": max_tokens},
        agents={"help": switches(switch)},
    )
    how = _How(cold, TerminalApprover(allow or ()), stream=not as_json, system=system)
    with user_errors():
        answered = asyncio.run(_answer(text, session, given, how))
    _tell(answered, as_json=as_json)
    _end_with(answered.records.turn)


def _tell(answered: "_Answered", *, as_json: bool) -> None:
    """Print what the turn cost, and with `as_json` everything of it."""
    records, costs, currency = answered.records, answered.costs, answered.currency
    if as_json:
        emit_json(as_object(records, money_objects(costs, currency)))
    elif records.turn.output_tokens:
        typer.echo()
        lines = cost_line(records.turn), *cost_details(records.turn, costs, currency)
        say(packed(lines, sys.stderr))


def _end_with(turn: TurnRecord) -> None:
    """End the command as the turn did."""
    if turn.status == "cancelled":
        fail(Exit.INTERRUPTED, f"interrupted; what was written is kept in session {turn.session}")
    if turn.status != "ok":
        fail(Exit.FAILED, f"the turn ended as {turn.status}: {turn.reason}")


def _prompt(given: str) -> str:
    """Return the prompt, from standard input for `-`. Bytes that are no text become U+FFFD."""
    if given == "-":
        content = sys.stdin.buffer.read(MAX_PROMPT_BYTES + 1)
    else:
        content = given.encode("utf-8", "replace")
    if len(content) > MAX_PROMPT_BYTES:
        fail(Exit.USAGE, f"the prompt is longer than {MAX_PROMPT_BYTES // 2**20} MiB; shorten it")
    text = content.decode("utf-8", "replace")
    if not text.strip():
        fail(Exit.USAGE, "the prompt is empty; write one, or pipe it in with `slmtui ask -`")
    return text


@dataclass(frozen=True, slots=True)
class _How:
    """How a prompt is answered: with what of the KV cache, whom to ask about tools, where it is shown.

    `system` is the user's own system prompt; None is that of the session.
    """

    cold: bool
    approver: Approver
    stream: bool
    system: str | None = None


@dataclass(frozen=True, slots=True)
class _Answered:
    """A turn that has ended, and what it cost in a currency."""

    records: TurnRecords
    costs: tuple[Cost, ...]
    currency: str


async def _answer(prompt: str, session: str | None, given: Any, how: _How) -> _Answered:
    around = surroundings()
    settings = settings_of(around, given)
    prices = settings.money.prices()
    with open_store(settings, around) as store:
        # What is wrong with the session is said before the model is loaded.
        known = store.session(session) if session else None
        backend = make_backend(settings, around)
        encodings = BackgroundEncodings((each.encoding for each in prices.hosted), around.environ)
        try:
            await backend.start(lambda _fraction: None)
            live = LiveSession(store, backend, known.id if known else store.create_session())
            sampling = _sampling(settings, known, given["sampling"])
            stop = stop_on_interrupt()
            events = live.send(
                prompt,
                settings.paradigm,
                sampling,
                stop,
                cold=how.cold,
                approver=how.approver,
                system=how.system,
            )
            # A pipe cannot be told that a draft was given up; base gives none up.
            live_answer = sys.stdout.isatty() or settings.paradigm == "base"
            records = await _shown(events, stream=how.stream, live=live_answer)
        finally:
            await backend.close()
        encodings.wait(ENCODINGS_S)
        costs = Pricing(prices, encodings.here()).costs(records.turn, store.events)
    return _Answered(records, costs, prices.currency)


def _sampling(settings: Settings, session: SessionSummary | None, flags: Mapping[str, Any]) -> Sampling:
    """Return how tokens are drawn: as the flags say, then as the session has it, then the settings."""
    if session is None or session.sampling is None:
        return settings.sampling_of_turn()
    return replace(session.sampling, **{name: value for name, value in flags.items() if value is not None})


async def _shown(events: AsyncGenerator[Event, None], *, stream: bool, live: bool) -> TurnRecords:
    """Run a turn to its end, printed as it comes where it is to `stream`, and return its records."""
    tally = TurnTally()
    printer = AnswerPrinter(_write, _aside, live=live)
    async with aclosing(events):
        async for event in events:
            tally.add(event)
            if stream:
                printer.show(event, tally)
    if stream:
        printer.finish(tally)
    return tally.records


def _write(text: str) -> None:
    typer.echo(text, nl=False)


def _aside(text: str) -> None:
    typer.echo(text, nl=False, err=True)


def cost_line(turn: TurnRecord) -> str:
    """Return what a turn cost, in a line."""
    parts = [
        turn.paradigm,
        "cold" if turn.cold else "",
        f"{turn.calls} calls" if turn.calls != 1 else "1 call",
        f"↑{turn.prompt_tokens} ({turn.reused_tokens} reused) ↓{turn.output_tokens}",
        f"TTFT {duration(turn.ttft_s)}" if turn.ttft_s is not None else "no answer",
        rate(turn.decode_tok_s) if turn.decode_tok_s is not None else "",
        duration(turn.wall_s),
        *(f"{name} {count}" for name, count in ladder_counts(turn).items() if count),
        size(turn.peak_rss_bytes) if turn.peak_rss_bytes else "",
        energy_text(turn) or "no energy meter",
        f"session {turn.session}",
    ]
    return SEPARATOR.join(filter(None, parts))


def ladder_counts(turn: TurnRecord) -> dict[str, int]:
    """Return how often a turn took each rung of the ladder."""
    return {
        "repaired": turn.repairs,
        "asked again": turn.reasks,
        "without tools": turn.no_tools,
        "fell back": turn.fallbacks,
    }


_CALL_KEYS = (
    "agent",
    "purpose",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    "ttft_s",
    "prefill_s",
    "decode_s",
    "decode_tok_s",
    "finish_reason",
)


def as_object(records: TurnRecords, costs: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the records of a turn, and what it cost in money, as the object that `--json` prints."""
    turn = records.turn
    keys = ("session", "turn", "paradigm", "model", "answer", "status", "reason", "seed", "wall_s", "ttft_s")
    usage = ("prompt_tokens", "reused_tokens", "prefilled_tokens", "avoidable_tokens", "output_tokens")
    return {
        **{key: getattr(turn, key) for key in (*keys, "decode_tok_s")},
        "usage": {key: getattr(turn, key) for key in usage}
        | {
            "output_by_purpose": {purpose: getattr(turn, f"{purpose}_tokens") for purpose in PURPOSES},
            "prompt_by_origin": {origin: getattr(turn, f"{origin}_in_tokens") for origin in ORIGINS},
        },
        "ladder": {key: getattr(turn, key) for key in ("repairs", "reasks", "no_tools", "fallbacks")},
        "limit_reached": turn.limit_reached,
        "factors": json.loads(turn.factors or "{}"),
        "calls": [{key: getattr(call, key) for key in _CALL_KEYS} for call in records.calls],
        "tool_calls": [_tool_call(call) for call in records.tool_calls],
        "energy": _energy(turn),
        "costs": list(costs),
        "cpu_s": turn.cpu_s,
        "peak_rss_bytes": turn.peak_rss_bytes,
        "warm": turn.warm,
        "cold": turn.cold,
        "system": turn.system,
        "model_hash": turn.model_hash,
        "llama_cpp": turn.llama_cpp,
    }


def _tool_call(call: ToolCallRecord) -> dict[str, Any]:
    keys = ("name", "result", "seconds", "status", "approval", "cut_tokens")
    return {"arguments": json.loads(call.arguments)} | {key: getattr(call, key) for key in keys}


def _energy(turn: TurnRecord) -> dict[str, Any]:
    return {
        "joules": turn.joules,
        "source": turn.energy_source,
        "mean_watts": turn.mean_watts,
        "scope": turn.energy_scope,
        "idle_watts": turn.idle_watts,
    }
