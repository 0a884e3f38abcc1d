"""The entries of a turn's details: a line for the list of each, and the lines that it opens to."""

from collections.abc import Iterator, Mapping

from rich.cells import cell_len

from agents.events import HandOff, TurnStarted
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.call_lines import call_lines, model_of, sampling_of
from slmtui.tui.state.cells import padded
from slmtui.tui.state.cost_line import cost_line, energy_scope
from slmtui.tui.state.detail_lines import Line, as_json, head, pairs, text
from slmtui.tui.state.notices import plural
from slmtui.tui.state.paradigms import title_of
from slmtui.tui.state.session_rows import local_time
from slmtui.tui.state.turn_details import CallDetails, Entry, ToolDetails, TurnDetails

TITLE = 30
"""The most cells of an entry's title in the list."""

ALLOWED = {"once": "the user allowed it once", "session": "the user allowed it for the session",
           "no": "the user did not allow it"}  # fmt: skip


def entry_rows(details: TurnDetails) -> list[str]:
    """Return the line of each entry, in order, their facts in one column."""
    parts = [_row(entry) for entry in details.entries]
    width = min(TITLE, max(cell_len(title) for _, title, _ in parts))
    return [f"{sign:>2} {padded(title, width)}  {facts}".rstrip() for sign, title, facts in parts]


def _row(entry: Entry) -> tuple[str, str, str]:
    """Return the sign, the title and the facts of an entry."""
    match entry:
        case CallDetails(record=call):
            reused = f" ({fmt.count(call.reused_tokens)} reused)" if call.reused_tokens else ""
            tokens = f"↑{fmt.count(call.prompt_tokens)}{reused} ↓{fmt.count(call.output_tokens)}"
            facts = (tokens, fmt.duration(call.wall_s), call.finish_reason or "running")
            return str(call.position), f"{plain_line(call.agent, 20)} · {call.purpose}", " · ".join(facts)
        case ToolDetails():
            title = f"{plain_line(entry.started.agent, 20)} · {plain_line(entry.started.name, 40)}"
            return "⚙", title, " · ".join(_ended(entry))
        case HandOff():
            title = f"{plain_line(entry.source, 20)} → {plain_line(entry.target, 20)}"
            return "╰▶", title, plain_line(entry.task, 80)
        case TurnDetails():
            return "●", "the turn", "its model, settings, switches, and what happened to it"


def _ended(tool: ToolDetails) -> tuple[str, ...]:
    if tool.finished is None:
        return ("not ended",)
    return fmt.duration(tool.finished.seconds), tool.finished.status


def entry_lines(entry: Entry, details: TurnDetails) -> list[Line]:
    """Return everything about an entry, as lines."""
    match entry:
        case CallDetails():
            return call_lines(entry, details)
        case ToolDetails():
            return list(_tool(entry))
        case HandOff():
            return list(_hand_off(entry))
        case TurnDetails():
            return list(_turn(entry))


def _tool(tool: ToolDetails) -> Iterator[Line]:
    started, finished = tool.started, tool.finished
    yield Line(f"⚙ {plain_line(started.name, 60)} · called by {plain_line(started.agent, 40)}", "head")
    decision = ALLOWED[tool.decision] if tool.decision else ""
    cut = finished.cut_tokens if finished is not None else 0
    yield from pairs(
        [
            ("status", " · ".join(reversed(_ended(tool)))),
            ("began", f"{fmt.significant(started.t)} s into the turn"),
            ("approval", decision),
            ("cut", f"{plural(cut, 'token')} of the result left out" if cut else ""),
        ]
    )
    yield from head("Arguments")
    yield from text(as_json(started.arguments))
    if finished is not None:
        yield from head("Result" if finished.status == "ok" else "Error")
        yield from text(finished.result, "tool_result")


def _hand_off(event: HandOff) -> Iterator[Line]:
    yield Line(f"╰▶ {plain_line(event.source, 40)} hands over to {plain_line(event.target, 40)}", "head")
    yield from pairs([("at", f"{fmt.significant(event.t)} s into the turn")])
    yield from head("Task")
    yield from text(event.task, "handoff")


def _turn(details: TurnDetails) -> Iterator[Line]:
    record, started = details.record, details.started
    yield Line(f"the turn · {plain_line(title_of(record.paradigm), 40)}", "head")
    yield Line(cost_line(record))
    ended = f"{record.status}: {record.reason}" if record.reason else record.status or "still running"
    yield from pairs([("ended", plain_line(ended, 400)), ("energy is of", energy_scope(record))])
    if details.notes:
        yield from head("What happened to it")
        yield from (Line(f"» {note}") for note in details.notes)
    if started is not None:
        yield from _conditions(started)
        yield from _factors(started.factors)
        yield from head("Prompt")
        yield from text(started.prompt, "user")
    yield from head("Answer")
    yield from text(record.answer)


def _conditions(started: TurnStarted) -> Iterator[Line]:
    engine = started.engine
    before = plural(len(started.beginning), "character")
    threads = f"{engine.n_threads} to decode, {engine.n_threads_batch or engine.n_threads} to prefill"
    yield from head("Conditions")
    yield from pairs(
        [
            ("model", model_of(engine)),
            ("file", plain_line(engine.model_hash, 90)),
            ("parameters", f"{fmt.count(engine.parameters)} · {plain_line(engine.architecture, 40)}"),
            ("adapters", plain_line(engine.lora, 200)),
            ("context", f"{plural(engine.n_ctx, 'token')} · KV cache {plain_line(engine.kv_type, 20)}"),
            ("flash attention", "on" if engine.flash_attention else "off"),
            ("threads", threads),
            ("GPU layers", fmt.count(engine.gpu_layers)),
            ("sampling", sampling_of(started.sampling)),
            ("cache", _cache(started)),
            ("machine", plain_line(engine.machine, 200)),
            ("llama.cpp", plain_line(engine.llama_cpp, 60)),
            ("slmtui", plain_line(engine.slmtui, 60)),
            ("started", local_time(started.started_at)),
            ("system prompt", "the user's own" if started.system else ""),
            (
                "goes on from",
                f"an answer of {before}" if started.beginning else "",
            ),
        ]
    )


def _cache(started: TurnStarted) -> str:
    if started.cold:
        return "cold: nothing that the KV cache held was reused, and calls ran alone"
    return "warm: the KV cache held earlier conversations" if started.warm else "empty at the start"


def _factors(factors: Mapping[str, str]) -> Iterator[Line]:
    yield from head("Switches and factors")
    yield from pairs([(plain_line(name, 40), plain_line(value, 200)) for name, value in factors.items()])
    if not factors:
        yield Line("None are recorded.", "note")
