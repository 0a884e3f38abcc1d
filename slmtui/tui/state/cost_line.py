"""The line of figures under every answer."""

from rich.cells import cell_len

from sessions.records import TurnRecord
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.paradigms import title_of

SEPARATOR = " · "


def _plural(number: int, noun: str) -> str:
    return f"{fmt.count(number)} {noun}{'' if number == 1 else 's'}"


def tokens(record: TurnRecord) -> str:
    """Return prompt tokens, how many of them were reused, and output tokens."""
    reused = f" ({fmt.count(record.reused_tokens)} reused)" if record.reused_tokens else ""
    return f"↑{fmt.count(record.prompt_tokens)}{reused} ↓{fmt.count(record.output_tokens)}"


def cost_line(record: TurnRecord) -> str:
    """Return what a turn cost: calls, tokens, TTFT, speed, time, memory and energy."""
    parts = [
        plain_line(title_of(record.paradigm), 20).lower(),
        _plural(record.calls, "call"),
        tokens(record),
        f"TTFT {fmt.duration(record.ttft_s)}" if record.ttft_s is not None else fmt.NONE,
        fmt.rate(record.decode_tok_s),
        fmt.duration(record.wall_s),
        fmt.size(record.peak_rss_bytes),
        fmt.energy(record.joules, record.energy_source),
    ]
    if record.tool_calls:
        parts.insert(2, _plural(record.tool_calls, "tool"))
    return SEPARATOR.join(part for part in parts if part != fmt.NONE)


def pack(line: str, width: int) -> list[str]:
    """Return a line of figures broken only between figures, into lines of at most `width` cells."""
    lines: list[str] = []
    for part in line.split(SEPARATOR):
        if lines and cell_len(lines[-1] + SEPARATOR + part) <= width:
            lines[-1] += SEPARATOR + part
        else:
            lines.append(part)
    return lines


def energy_so_far(record: TurnRecord) -> str:
    """Return the energy of a turn, and nothing known before the meters of a running one were read."""
    unread = record.status is None and record.rss_bytes is None
    return fmt.NONE if unread else fmt.energy(record.joules, record.energy_source)


def energy_scope(record: TurnRecord) -> str:
    """Return what the joules of a turn are of, and the power that the same was measured to take when idle."""
    scope = plain_line(record.energy_scope, 120)
    if record.energy_source != "measured" or record.idle_watts is None:
        return scope
    return f"{scope}; {fmt.significant(record.idle_watts)} W when idle"


def memory_kinds(record: TurnRecord) -> str:
    """Return the memory by kind: the process's own, the KV cache in use of it, and pages of files."""
    if record.rss_anon_bytes is None or record.rss_file_bytes is None:
        return ""
    kv_cache = f" (KV {fmt.size(record.kv_bytes)})" if record.kv_bytes else ""
    return f"own {fmt.size(record.rss_anon_bytes)}{kv_cache} · files {fmt.size(record.rss_file_bytes)}"


def short_cost(record: TurnRecord) -> str:
    """Return the same in one line for a narrow screen."""
    asked = f"↑{fmt.count(record.prompt_tokens)} " if record.prompt_tokens else ""
    parts = [
        plain_line(title_of(record.paradigm), 20).lower(),
        f"{asked}↓{fmt.count(record.output_tokens)}",
        fmt.rate(record.decode_tok_s),
        fmt.duration(record.wall_s),
        fmt.size(record.peak_rss_bytes),
        energy_so_far(record),
    ]
    if record.context_used is not None and record.context_size:
        parts.append(f"ctx {record.context_used / record.context_size:.0%}")
    return SEPARATOR.join(part for part in parts if part != fmt.NONE)


def narrow_line(record: TurnRecord, warning: str = "") -> str:
    """Return what matters most in one line for a narrow screen, a warning of the budget first."""
    context = ""
    if record.context_used is not None and record.context_size:
        context = f"ctx {record.context_used / record.context_size:.0%}"
    asked = f"↑{fmt.count(record.prompt_tokens)} " if record.prompt_tokens else ""
    parts = [
        warning or plain_line(title_of(record.paradigm), 20).lower(),
        f"{asked}↓{fmt.count(record.output_tokens)}",
        fmt.rate(record.decode_tok_s),
        fmt.duration(record.wall_s),
        energy_so_far(record),
        context,
        "" if warning else fmt.size(record.peak_rss_bytes),
    ]
    return SEPARATOR.join(part for part in parts if part and part != fmt.NONE)
