"""Everything about one call of the model, as lines: settings, times, tokens, chances, prompt, output."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from agents.events import EngineFacts, TextDelta
from agents.message import Sampling
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state import notices
from slmtui.tui.state.detail_lines import Line, bars, head, pairs, text
from slmtui.tui.state.origins import origin_rows, table
from slmtui.tui.state.prompt_lines import prompt_lines
from slmtui.tui.state.turn_details import CallDetails, TurnDetails

BAR = 24
FINISHED = {
    "stop": "stop: it ended by itself",
    "length": "length: it was cut off at its limit",
    "cancelled": "cancelled",
    "failed": "failed",
}


def call_lines(call: CallDetails, turn: TurnDetails) -> list[Line]:
    """Return what is known of a call; of one that still runs, as far as it is told."""
    lines = [Line(_title(call, turn), "head"), *pairs([*_facts(call, turn), *_times(call)])]
    lines += [Line(f"↻ {note}", "note") for note in call.notes]
    lines += [*head("Prompt tokens by origin"), *_origins(call)]
    if call.finished and call.finished.choices:
        chances = [(plain_line(each.name, 40), each.probability) for each in call.finished.choices]
        lines += [*head("What it could have chosen"), *map(Line, bars(chances, BAR))]
    lines += [*head("Prompt: what the call saw"), *prompt_lines(call)]
    lines += [*head(f"Output: {notices.plural(call.record.output_tokens, 'token')}"), *_output(call)]
    return lines


def _title(call: CallDetails, turn: TurnDetails) -> str:
    record = call.record
    return (
        f"call {record.position} of {turn.record.calls} · {plain_line(record.agent, 40)} · {record.purpose}"
    )


def _facts(call: CallDetails, turn: TurnDetails) -> Iterator[tuple[str, str]]:
    started, record = call.started, call.record
    engine = turn.started.engine if turn.started else None
    yield "model", plain_line(record.agent_model, 80) or (model_of(engine) if engine else "")
    if turn.started:
        greedy = "greedy: the likeliest token each time"
        yield "sampling", greedy if started and started.greedy else sampling_of(turn.started.sampling)
    yield "grammar", "held the output" if record.constrained else "none: the output was free"
    if started:
        yield "most tokens", fmt.count(started.max_tokens)
    yield "finished", FINISHED.get(record.finish_reason or "", "not yet")
    yield "error", plain_line(record.error, 400)


def _times(call: CallDetails) -> Iterator[tuple[str, str]]:
    record = call.record
    read = record.prefilled_tokens / record.prefill_s if record.prefill_s else None
    parts = (
        ("queue", record.queue_s), ("template", record.template_s), ("prefill", record.prefill_s),
        ("decode", record.decode_s), ("sampling", record.sampling_s), ("grammar", record.grammar_s),
    )  # fmt: skip
    yield (
        "began",
        f"{fmt.significant(record.started_s)} s into the turn, and took {fmt.duration(record.wall_s)}",
    )
    yield "TTFT", fmt.duration(record.ttft_s)
    yield "prefill", f"{notices.plural(record.prefilled_tokens, 'token')} at {fmt.rate(read)}"
    yield "decode", f"{notices.plural(record.output_tokens, 'token')} at {fmt.rate(record.decode_tok_s)}"
    yield "time in", " · ".join(f"{name} {fmt.duration(seconds)}" for name, seconds in parts if seconds)


def model_of(engine: EngineFacts) -> str:
    """Return the name of a model with its quantisation."""
    return plain_line(f"{engine.model} {engine.quantisation}", 80)


def sampling_of(sampling: Sampling) -> str:
    """Return how tokens are drawn, and the seed."""
    if sampling.temperature == 0:
        return f"temperature 0: the likeliest token each time · seed {sampling.seed}"
    return (
        f"temperature {sampling.temperature:g} · top k {sampling.top_k} · top p {sampling.top_p:g} · "
        f"min p {sampling.min_p:g} · repeat penalty {sampling.repeat_penalty:g} · seed {sampling.seed}"
    )


def _origins(call: CallDetails) -> Iterator[Line]:
    if call.finished is None:
        yield Line("They are told when the call ends.", "note")
        return
    rows = origin_rows(call.cells, BAR)
    heading, *lines = table(rows)
    yield Line(heading, "note")
    for row, line in zip(rows, lines, strict=True):
        yield Line(line, "head" if row.origin == "total" else row.origin)


def _output(call: CallDetails) -> Iterator[Line]:
    """Yield what was written, under what it was for, with special tokens in ⟦ ⟧."""
    for purpose, group in groupby(call.deltas, key=lambda delta: delta.purpose):
        deltas = list(group)
        tokens = sum(len(delta.times) for delta in deltas)
        yield Line(f"── for {purpose} · {notices.plural(tokens, 'token')} ──", "note")
        yield from text("".join(map(with_marks, deltas)))
    if not call.deltas:
        yield Line("Nothing was written." if call.finished else "Nothing is written yet.", "note")


def with_marks(delta: TextDelta) -> str:
    """Return a piece of output with the special tokens in it spelled out: ⟦<|im_end|>⟧."""
    return "".join(_pieces(delta.text, ((mark.offset, mark.token) for mark in delta.marks)))


def _pieces(written: str, marks: Iterable[tuple[int, str]]) -> Iterator[str]:
    at = 0
    for offset, token in sorted(marks, key=lambda mark: mark[0]):
        yield f"{written[at:offset]}⟦{token}⟧"
        at = max(at, offset)
    yield written[at:]
