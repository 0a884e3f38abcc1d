"""One observation of a comparison: what one arm made of one item, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.events import EnergySource
from sessions.run_records import AttemptState

RESOURCES = (
    "wall_s",
    "ttft_s",
    "cpu_s",
    "joules",
    "calls",
    "tool_calls",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "output_tokens",
    "think_tokens",
    "route_tokens",
    "handoff_tokens",
    "call_tokens",
    "repair_tokens",
    "answer_tokens",
    "queue_s",
    "prefill_s",
    "decode_s",
    "tool_s",
    "peak_rss_bytes",
    "kv_bytes",
)
"""The columns of a turn that a comparison is about, unless it is asked for all."""

METRICS = (
    *RESOURCES,
    "decode_tok_s",
    "tool_errors",
    "template_s",
    "sampling_s",
    "grammar_s",
    "rss_bytes",
    "rss_anon_bytes",
    "rss_file_bytes",
    "context_used",
    "dropped_messages",
    "repairs",
    "reasks",
    "no_tools",
    "fallbacks",
    "approvals_asked",
    "approvals_refused",
    "cut_tokens",
    "cut_observations",
    "calls_skipped",
    "est_skipped_prompt_tokens",
    "est_skipped_new_tokens",
    "system_in_tokens",
    "tools_in_tokens",
    "example_in_tokens",
    "history_in_tokens",
    "user_in_tokens",
    "tool_result_in_tokens",
    "handoff_in_tokens",
    "template_in_tokens",
    "votes",
    "voters",
    "mean_watts",
    "idle_watts",
)
"""Every column of a turn that was counted or measured."""

ENERGY = frozenset({"joules", "mean_watts", "idle_watts"})
"""The columns that have a source: figures of two sources never mix."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one arm made of one item. Two arms are compared on the items (and repeats) that both have.

    Outside of suites `item` is the prompt, `data_set` is empty, and nothing is scored: `state`, `strict`,
    `flexible` and `tool_right` are None. `values` has the columns named in `RESOURCES`, or in `METRICS`,
    None where there was nothing to measure; its joules are of `energy_source`, and those of two sources
    never mix. All observations of one comparison have the same columns. `by_hand` says that a person judges
    it, whose mark is `strict` and `flexible`; `preferred` that it was liked better than the other arms'.
    """

    arm: str
    item: str
    data_set: str
    repeat: int
    turn: str
    state: AttemptState | None
    strict: bool | None
    flexible: bool | None
    tool_right: bool | None
    energy_source: EnergySource
    values: Mapping[str, float | None]
    by_hand: bool = False
    preferred: bool | None = None
