"""A pull in words: what the hub offers, how far it is, how it ended."""

from textual.content import Content

from slmtui.models.pulling import Offered, PullState
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.progress_line import Figure, ProgressLine

_DOING = {"checking": "checking what is here of", "pulling": "pulling", "stopping": "stopping"}


def pull_content(state: PullState, width: int) -> Content:
    """Return how a pull stands, for a place that is `width` cells wide; nothing when there is none."""
    offered = state.offered
    file = plain_line(offered.file if offered else state.name, 60)
    if state.phase == "offered" and offered is not None:
        return Content(_offer(offered, file))
    if state.phase in _DOING and state.total:
        return ProgressLine(f"{_DOING[state.phase]} {file}", _share(state), _figures(state)).fit(width)
    words = {
        "idle": "",
        "asking": f"◌ Asking the hub for {file}…",
        "waiting": f"◌ Waiting for {file}: the connection, or another program that pulls it…",
        "stopping": f"■ Stopping {file}…",
        "done": f"✓ {file} is here, checked and complete. Enter loads it.",
        "stopped": f"■ {file}: {plain_line(state.problem)}",
        "failed": f"✗ {file} was not pulled: {plain_line(state.problem, 400)}",
    }
    return Content(words.get(state.phase, f"◌ {file}"))


def ended_line(state: PullState) -> str:
    """Return how a pull ended, for somebody who does something else by now."""
    file = plain_line(state.offered.file if state.offered else state.name, 60)
    if state.phase == "done":
        return f"✓ {file} is pulled, checked and complete: f3 shows it."
    mark = "■" if state.phase == "stopped" else "✗"
    return f"{mark} {file} was not pulled: {plain_line(state.problem, 300)}"


def _offer(offered: Offered, file: str) -> str:
    licence = plain_line(offered.licence, 60) or "none told: look at its page"
    gated = ", and its owner asks for an agreement" if offered.gated else ""
    size = fmt.size(offered.size)
    if offered.here:
        return f"{file} ({size}, licence {licence}) is here already. Enter checks it · esc: leave"
    there = f", {fmt.size(offered.there)} of it are here" if offered.there else ""
    return (
        f"{file} of {plain_line(offered.repository, 80)}: {size}{there} · licence {licence}{gated} · "
        f"to {plain_line(offered.folder, 120)}, where {fmt.size(offered.free)} are free. "
        "Enter pulls it · esc: leave"
    )


def _share(state: PullState) -> float:
    return min(state.done / state.total, 1.0) if state.total else 0.0


def _figures(state: PullState) -> tuple[Figure, ...]:
    figures = [Figure(f"{fmt.size(state.done)} of {fmt.size(state.total)}", 16)]
    if state.rate and state.phase == "pulling":
        figures.append(Figure(f"{fmt.size(state.rate)}/s", 9))
        left = fmt.duration((state.total - state.done) / state.rate)
        figures.append(Figure(f"{left} left", 13))
    return tuple(figures)
