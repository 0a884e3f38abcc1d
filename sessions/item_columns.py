"""The columns of an export by item: those of the item, and of each arm's attempt at it.

What an arm made of an item stands in columns of its own, named `ARM.column`. Which arms there are is the
run's affair, so they are documented once, under `ARM`.
"""

from collections.abc import Mapping

ARM = "ARM"

OF_ITEMS: dict[str, tuple[str, str]] = {
    "run": ("", "Id of the run, a ULID."),
    "item": ("", "The item, as DATA_SET/ID; unique within the run."),
    "repeat": ("", "Which time it was asked, counted from 1: each has a row of its own."),
    "data_set": ("", "The data set that it comes from."),
    "skill": ("", "What it is about; empty if not known."),
    "level": ("", "How hard it is: `easy`, `medium` or `hard`; empty if not known."),
    "tool": ("", "The right tool: `none` where none is right, empty where that is not known."),
    "prompt": ("", "What was asked."),
    "expected": ("", "The right answer and how answers are compared with it, as a JSON object."),
}

OF_ATTEMPTS: dict[str, tuple[str, str]] = {
    "turn": ("", "Id of the turn in which the arm answered; columns of an arm are empty without an attempt."),
    "state": ("", "`right`, `wrong`, `refused`, `empty`, `cut` or `failed`; empty if not scored."),
    "strict": ("", "Whether it is right by what the answer comes to."),
    "flexible": ("", "Whether the right answer is somewhere in it."),
    "tool_right": ("", "Whether the first tool called was the right one; empty if that is not known."),
    "extracted": ("", "What the answer was read as."),
    "cause": ("", "Why it is not right, as far as the events tell."),
    "preferred": ("", "Whether a person liked it better than the other arms'; empty if nothing was said."),
}

OF_TURNS = (
    "answer",
    "status",
    "wall_s",
    "ttft_s",
    "cpu_s",
    "joules",
    "energy_source",
    "calls",
    "tool_calls",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    "answer_tokens",
    "peak_rss_bytes",
    "kv_bytes",
)
"""The columns of the attempt's turn that stand beside them."""


def item_columns(of_turns: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the units and meanings of all columns, those of any arm under `ARM`."""
    of_arms = OF_ATTEMPTS | {name: of_turns[name] for name in OF_TURNS}
    return OF_ITEMS | {f"{ARM}.{name}": meaning for name, meaning in of_arms.items()}


def documented(name: str) -> str:
    """Return the name under which a column is documented: `base.state` is `ARM.state`."""
    arm, dot, column = name.rpartition(".")
    return f"{ARM}{dot}{column}" if arm else name
