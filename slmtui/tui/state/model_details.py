"""What is said of the model that is marked in the picker, and of all that are in use together."""

from collections.abc import Iterable, Sequence

from sessions.speeds import Speed
from slmtui.crew import MAIN, ModelInUse
from slmtui.model_desk import ModelEntry
from slmtui.models.fit import Fit
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.model_rows import ModelRow


def details_of(row: ModelRow, beside: str = "") -> list[str]:
    """Return what there is to say of a row, a line a thing; `beside` is what `together` says.

    Of a file that is here, its path comes last: it is long, and may be cut.
    """
    if row.entry is not None:
        lines = [*_of_entry(row, row.entry), beside, plain_line(row.entry.path, 300)]
    else:
        lines = [*_to_pull(row), beside]
    return [line for line in lines if line]


def _to_pull(row: ModelRow) -> list[str]:
    known = row.known
    if known is None:
        return [f"{row.name}, on the hub: enter asks what it is, how large, and under which licence."]
    return [
        f"{known.name}: {plain_line(known.repository)} on the Hugging Face hub",
        f"{known.file} · ~{fmt.size(known.size)} · licence {known.licence} · {known.size_class} parameters",
        "Enter asks the hub for its size and licence as they are now, and pulls nothing before you agree.",
    ]


def fit_words(fit: Fit) -> str:
    """Return an estimate of memory in words: what it takes, and what is missing if it does not fit."""
    needed = f"~{fmt.size(fit.needed)} at {fmt.count(fit.context)} tokens"
    if fit.fits:
        return f"{needed}: fits in the {fmt.size(fit.available)} that are free"
    missing = fmt.size(fit.needed - fit.available)
    return f"{needed}: does not fit, ~{missing} are missing ({fmt.size(fit.available)} are free)"


def speed_words(speed: Speed | None) -> str:
    """Return how fast a model was here, in words."""
    if speed is None:
        return "not measured here yet"
    last = f"{fmt.rate(speed.last)} in its latest turn here"
    return last if speed.turns == 1 else f"{last}, {fmt.rate(speed.median)} the median of {speed.turns}"


def together(used: Sequence[ModelInUse], entries: Iterable[ModelEntry], *, loaded: bool) -> str:
    """Return whether the models of the main role and of others fit beside each other; nothing for one model.

    With `loaded` the main one is in memory already, so only the others have to find room.
    """
    by_path = {entry.path: entry for entry in entries if entry.fit is not None}
    files = dict.fromkeys(each.path for each in used)
    fits = {path: by_path[path].fit for path in files if path in by_path}
    if len(files) < 2 or len(fits) < len(files):
        return ""
    main = next((each.path for each in used if each.whose == MAIN), "")
    waiting = [fit for path, fit in fits.items() if fit and not (loaded and path == main)]
    needed = sum(fit.needed for fit in waiting)
    free = min(fit.available for fit in waiting)
    total = sum(fit.needed for fit in fits.values() if fit)
    more = f", ~{fmt.size(needed)} of it still to load" if loaded else ""
    if needed <= free:
        verdict = f"fits in the {fmt.size(free)} that are free"
    else:
        verdict = f"does not fit, ~{fmt.size(needed - free)} are missing"
    return f"Together {len(files)} models take ~{fmt.size(total)}{more}: {verdict}."


def roles_line(used: Sequence[ModelInUse]) -> str:
    """Return which roles have models of their own, for the header: supervisor: Qwen3-0.6B."""
    roles = [f"{each.whose}: {plain_line(each.name, 40)}" for each in used if each.whose != MAIN]
    return " · ".join(roles)


def _of_entry(row: ModelRow, entry: ModelEntry) -> list[str]:
    facts = entry.facts
    if entry.problem or facts is None:
        return [row.name, f"✗ {plain_line(entry.problem, 300)}"]
    of_file = [
        f"{fmt.count(facts.parameters)} parameters, {plain_line(facts.architecture, 20)}",
        plain_line(facts.quantisation, 20),
        f"trained for {fmt.count(facts.context_length)} tokens",
        fmt.size(entry.size),
        f"licence {plain_line(facts.licence or 'not told', 40)}",
        f"from {plain_line(entry.source, 30)}",
    ]
    lines = [f"{row.name}: {' · '.join(of_file)}"]
    if not facts.chat_template:
        lines.append("✗ It has no chat template, so it is not a model to chat with.")
    if entry.fit is not None:
        lines.append(f"Memory {fit_words(entry.fit)}.")
    lines.append(f"Speed {speed_words(row.speed)}.")
    return lines
