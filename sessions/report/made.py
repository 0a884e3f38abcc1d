"""What made the figures: the data sets, the command, and what each arm's turns ran on."""

import json
from collections import Counter

from sessions.report.data import Report
from sessions.report.figures import NONE, Figures
from sessions.report.table import Table, table

OF_TURNS = (
    ("model", "model"),
    ("model file", "model_hash"),
    ("quantisation", "quantisation"),
    ("architecture", "architecture"),
    ("parameters", "parameters"),
    ("machine", "machine"),
    ("slmtui", "slmtui"),
    ("llama.cpp", "llama_cpp"),
    ("context size", "n_ctx"),
    ("threads that decode", "n_threads"),
    ("threads that read prompts", "n_threads_batch"),
    ("layers on a GPU", "gpu_layers"),
    ("KV cache", "kv_type"),
    ("flash attention", "flash_attention"),
    ("LoRA", "lora"),
    ("temperature", "temperature"),
    ("top-k", "top_k"),
    ("top-p", "top_p"),
    ("min-p", "min_p"),
    ("repeat penalty", "repeat_penalty"),
    ("cold cache", "cold"),
    ("energy", "energy_source"),
    ("energy of", "energy_scope"),
)
"""What a sceptic asks for, each with the column of a turn that tells it."""

KINDS = 3
"""Of a setting that varies within an arm so many values are shown."""


def data_sets(report: Report, figures: Figures) -> Table:
    """Return where the items come from."""
    asked = Counter(item.data_set for item in report.items)
    return table(
        "Where the items come from",
        ("Data set", "Title", "Items asked", "Of", "Source", "Licence", "SHA-256 of what was read"),
        [
            (
                each.data_set,
                each.title,
                *map(figures.numbers.count, (asked[each.data_set], each.items)),
                each.source,
                each.licence,
                each.checksum,
            )
            for each in report.run.data_sets
        ],
        right=(2, 3),
    )


def run(report: Report, figures: Figures) -> Table:
    """Return the run itself: when, with what command, and whether it is whole."""
    run = report.run
    made = f"{figures.numbers.count(len(report.attempts))} of {figures.numbers.count(run.attempts)}"
    ended = run.ended_at or "not yet: attempts are left to make"
    pairs = [
        ("run", run.id),
        ("started", run.started_at),
        ("ended", ended + (f" ({run.stopped})" if run.stopped else "")),
        ("attempts made", made),
        ("command", run.command),
        *((name.replace("_", " "), _plain(value)) for name, value in sorted(run.plan.items())),
        ("resamples of every bootstrap", figures.numbers.count(report.comparison.resamples)),
        ("seed of every bootstrap", str(report.comparison.seed)),
    ]
    return table("The run", ("", ""), pairs)


def arms(report: Report) -> Table:
    """Return the arms as they were asked for."""
    return table(
        "The arms as they were asked for",
        ("Arm", "Paradigm", "Model", "Switches", "Session"),
        [
            (arm.arm, arm.paradigm, arm.model or "of the settings", _switches(arm.switches), arm.session)
            for arm in report.run.arms
        ],
    )


def conditions(report: Report) -> tuple[Table, Table]:
    """Return what the turns of all arms ran on: what is the same for all, and what is not."""
    found = {arm: report.turns_of(arm) for arm in report.arms}
    told = {
        name: tuple(_kinds([getattr(turn, column) for turn in turns]) for turns in found.values() if turns)
        for name, column in OF_TURNS
    }
    shown = tuple(arm for arm, turns in found.items() if turns)
    same = [(name, values[0]) for name, values in told.items() if len(set(values)) == 1 and values[0] != NONE]
    differ = [(name, *values) for name, values in told.items() if len(set(values)) > 1]
    return (
        table("The same for every arm", ("", ""), same),
        table("Not the same for every arm", ("", *shown), differ),
    )


def _kinds(values: list[object]) -> str:
    """Return the values that a setting has, the commonest first."""
    counts = Counter(map(_plain, values))
    found = sorted(counts, key=lambda value: (-counts[value], value))
    more = f" and {len(found) - KINDS} more" if len(found) > KINDS else ""
    return ", ".join(found[:KINDS]) + more


def _switches(switches: dict[str, object]) -> str:
    return ", ".join(f"{name}={_plain(value)}" for name, value in sorted(switches.items())) or NONE


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value or NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NONE if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
