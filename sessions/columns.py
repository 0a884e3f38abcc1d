"""The columns of every export: their names, units and meanings. Names are stable; new ones come last."""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from sessions.item_columns import item_columns
from sessions.records import CallRecord, ToolCallRecord, TurnRecord

By = Literal["turn", "call", "tool_call", "comparison", "item"]
BYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export. `unit` is empty for texts, names and plain numbers."""

    name: str
    unit: str
    description: str


MEANINGS: dict[str, tuple[str, str]] = {
    "session": ("", "Id of the session, a ULID."),
    "turn": ("", "Id of the turn, a ULID."),
    "call": ("", "Id of the call of the model, unique within its turn."),
    "tool_call": ("", "Id of the call of the tool, unique within its turn."),
    "paradigm": ("", "The paradigm that answered, such as `base`, `single` or `multi`."),
    "prompt": ("", "What the user asked."),
    "started_at": ("", "When the prompt was sent: UTC, ISO 8601."),
    "position": ("", "Its place in the session (a turn) or in the turn (a call), counted from 1."),
    "answer": ("", "The answer, as far as it was written."),
    "status": ("", "How it ended: `ok`, `cancelled`, `failed` or `interrupted`; empty while it runs."),
    "reason": ("", "Why the status is not `ok`."),
    "wall_s": ("s", "From the prompt to the end of the turn."),
    "ttft_s": ("s", "From the prompt to the first token of the answer."),
    "decode_tok_s": ("tok/s", "Sum of (output tokens - 1) over the calls / sum of their `decode_s`."),
    "calls": ("", "Calls of the model."),
    "tool_calls": ("", "Calls of tools."),
    "tool_errors": ("", "Calls of tools that ended in an error."),
    "prompt_tokens": ("tokens", "Tokens of the prompts: reused + prefilled."),
    "reused_tokens": ("tokens", "Prompt tokens that were in the KV cache already."),
    "prefilled_tokens": ("tokens", "Prompt tokens that had to be computed."),
    "avoidable_tokens": ("tokens", "Prefilled tokens that some sequence had held before."),
    "output_tokens": ("tokens", "Tokens that the model wrote; the six purposes below sum to it."),
    "think_tokens": ("tokens", "Output tokens spent on thinking, and on answers that were not used."),
    "route_tokens": ("tokens", "Output tokens spent on choosing an agent."),
    "handoff_tokens": ("tokens", "Output tokens spent on passing a task or its result on."),
    "call_tokens": ("tokens", "Output tokens spent on calling tools."),
    "repair_tokens": ("tokens", "Output tokens spent on mending what did not parse."),
    "answer_tokens": ("tokens", "Output tokens of the answer: of the call `answer_call`, and no other."),
    "queue_s": ("s", "Waiting for the engine."),
    "template_s": ("s", "Rendering and tokenizing prompts."),
    "prefill_s": ("s", "Computing prompts."),
    "decode_s": ("s", "From the first output token to the last, summed over the calls."),
    "sampling_s": ("s", "Of decoding: drawing tokens."),
    "grammar_s": ("s", "Of decoding: checking tokens against a grammar."),
    "tool_s": ("s", "Running tools."),
    "cpu_s": ("s", "CPU time that the engine spent on the turn, over all its threads."),
    "rss_bytes": ("bytes", "Memory of the engine's process at the last reading."),
    "peak_rss_bytes": ("bytes", "The most memory of the engine's process."),
    "kv_bytes": ("bytes", "The most of the KV cache in use after a call."),
    "context_used": ("tokens", "The most of the context that was filled."),
    "context_size": ("tokens", "The size of the context."),
    "dropped_messages": ("", "Old messages left out because the context was full."),
    "limit_reached": (
        "",
        "Limits that ended an agent's loop: `steps`, `tokens`, `seconds`, `joules`, `tool_calls`; `repeat`"
        " (the same call again) or `text` (the same words again).",
    ),
    "joules": ("J", "Energy of the turn, see `energy_source`; empty without a meter."),
    "energy_source": (
        "",
        "Where `joules` comes from: `measured` (by a counter, of what `energy_scope` says, with all that ran"
        " on it), `modelled` (of idle and full watts, by the turn's share of the engine's CPU time) or"
        " `none`. Never add two sources.",
    ),
    "mean_watts": ("W", "`joules` / `wall_s`: the power that the energy implies."),
    "warm": ("", "Whether the engine held any sequence when the turn began."),
    "model": ("", "The model."),
    "model_hash": ("", "Hash of the model's file."),
    "quantisation": ("", "Quantisation of the model's weights."),
    "architecture": ("", "Architecture of the model."),
    "parameters": ("", "Parameters of the model."),
    "n_ctx": ("tokens", "Context size that the engine was started with."),
    "n_threads": ("", "Threads of the engine that decode."),
    "gpu_layers": ("", "Layers of the model on a GPU."),
    "llama_cpp": ("", "Version of llama-cpp-python."),
    "machine": ("", "The machine."),
    "slmtui": ("", "Version of slmtui."),
    "seed": ("", "Seed of the sampling."),
    "temperature": ("", "Temperature of the sampling; 0 is greedy."),
    "top_k": ("", "Top-k of the sampling."),
    "top_p": ("", "Top-p of the sampling."),
    "min_p": ("", "Min-p of the sampling."),
    "repeat_penalty": ("", "Repeat penalty of the sampling; 1 is none."),
    "n_threads_batch": ("", "Threads of the engine that read a prompt; 0 is not known."),
    "kv_type": ("", "Element type of the KV cache: `f16`, `q8_0` or `q4_0`."),
    "flash_attention": ("", "Whether attention was computed by the flash kernels."),
    "lora": ("", "LoRA adapters with their scales; empty is none."),
    "cold": ("", "Whether the turn reused no KV cache and ran each call alone, as a scored run does."),
    "repairs": ("", "Invalid calls of tools that were mended."),
    "reasks": ("", "Invalid calls of tools that were asked for once more, with the error."),
    "no_tools": ("", "Times that an agent gave its tools up and answered without."),
    "fallbacks": ("", "Times that the answer was left to the base model."),
    "approvals_asked": ("", "Questions to the user whether a tool may be called."),
    "approvals_refused": ("", "Calls of tools that the user refused; `tool_calls` counts them too."),
    "cut_tokens": ("tokens", "Tokens of tools' results that were left out, as estimated when cutting."),
    "cut_observations": ("", "Results of tools that were shortened because the context was full."),
    "calls_skipped": ("", "Calls of the model that turned out not to be needed."),
    "est_skipped_prompt_tokens": ("tokens", "Estimate: prompt tokens that the skipped calls would have had."),
    "est_skipped_new_tokens": ("tokens", "Estimate: of those, tokens that would have been prefilled."),
    "system_in_tokens": ("tokens", "Prompt tokens of system prompts; the eight by origin sum to the prompt."),
    "tools_in_tokens": ("tokens", "Prompt tokens that describe tools."),
    "example_in_tokens": ("tokens", "Prompt tokens of examples."),
    "history_in_tokens": (
        "tokens",
        "Prompt tokens of earlier turns, and of the model's own words.",
    ),
    "user_in_tokens": ("tokens", "Prompt tokens of what the user asked."),
    "tool_result_in_tokens": ("tokens", "Prompt tokens of tools' results."),
    "handoff_in_tokens": ("tokens", "Prompt tokens of what agents passed to each other."),
    "template_in_tokens": ("tokens", "Prompt tokens that the chat template adds, or of no origin told of."),
    "factors": (
        "",
        "What the paradigm and its switches amount to, as a JSON object; `{}` if that was not recorded.",
    ),
    "answer_call": ("", "The call whose text is the answer; empty if there is none."),
    "votes": ("", "Votes for the answer, or 1, where an agent chose it; empty if none did."),
    "voters": ("", "Of so many votes; 1 where it was not a vote."),
    "rss_anon_bytes": ("bytes", "Of `rss_bytes`, the process's own memory; empty where not told apart."),
    "rss_file_bytes": ("bytes", "Of `rss_bytes`, pages of files, such as the model's weights."),
    "energy_scope": ("", "What `joules` are of, such as `1 processor package, all processes`."),
    "idle_watts": ("W", "Power of the same when no turn ran, last measured; nothing is taken off `joules`."),
    "parent": ("", "Id of the turn that it follows in the conversation; empty for none."),
    "beginning": (
        "",
        "What `answer` was made to begin with, for it goes on where another stopped: the model did not write"
        " it here, and no other column counts it but `prompt_tokens`. Empty where the answer is all its own.",
    ),
    "system": ("", "The user's own system prompt; empty where the paradigm has its own alone."),
    "agent_model": ("", "The agent's model; empty where it is the turn's."),
    "constrained": ("", "Whether a grammar held the output."),
    "tools_shown": ("", "Tools that the model was shown by its own chat template."),
    "approval": (
        "",
        "What the user said to the call: `once`, `session` or `no`; `asked` if nothing, empty if not asked.",
    ),
    "agent": ("", "The agent that called."),
    "purpose": ("", "What the call was for when it began."),
    "started_s": ("s", "When it began, from the start of the turn."),
    "finish_reason": ("", "Why the model stopped: `stop`, `length`, `cancelled` or `failed`."),
    "tpot_s": ("s", "Time per output token: (last token - first token) / (tokens - 1)."),
    "error": ("", "Why the call failed."),
    "text": ("", "What the model wrote, for all purposes."),
    "choice": ("", "The likeliest of the names that the call was asked about; empty if about none."),
    "choice_probability": ("", "The probability of `choice` among those names."),
    "choice_entropy": ("bits", "Entropy of the choice among those names: 0 is certain."),
    "logprob_sum": ("nats", "Sum of the log-probabilities of the drawn tokens; empty if not asked for."),
    "name": ("", "The tool."),
    "arguments": ("", "What the tool was given, as a JSON object."),
    "result": ("", "What the tool answered, or its error."),
    "seconds": ("s", "The tool's own time."),
}

OF_CALLS: dict[str, tuple[str, str]] = {
    "wall_s": ("s", "From the start of the call to its end."),
    "ttft_s": ("s", "From the moment the engine received the call to its first token."),
    "decode_s": ("s", "From the first output token to the last."),
    "decode_tok_s": ("tok/s", "1 / `tpot_s`."),
}
OF_TOOL_CALLS: dict[str, tuple[str, str]] = {
    "status": ("", "`ok` or `error`; empty if the tool never answered."),
    "cut_tokens": ("tokens", "Tokens of the result that were left out, as estimated when cutting."),
}
OF_COMPARISONS: dict[str, tuple[str, str]] = {
    "row": ("", "What the row is about: a metric of an `arm`, or of a `pair` of arms."),
    "arm": ("", "The arm; of a pair, the first."),
    "second": ("", "Of a pair, the second arm: differences are second - first, ratios second / first."),
    "metric": (
        "",
        "`right` (by the strict reading), `flexible`, `completed`, `right_of_completed` and `tool_right` are"
        " shares of attempts, `state_…` counts of them, `pass_at_k` and `pass_hat_k` means over items; with"
        " `_per_right`, all attempts' total / the right ones; of a pair, `preferred` counts the answers that"
        " a person liked better (`first_only`, `second_only`) or alike (`both`), `p` of the exact sign test;"
        " else a column of a turn.",
    ),
    "unit": ("", "The unit of the figures; empty for shares (0 to 1) and counts."),
    "source": ("", "For energy, `measured` or `modelled`; each has figures of its own."),
    "n": ("", "Attempts that the figures are over; of a pair, attempts that both arms have."),
    "count": ("", "Of a share, the attempts that count."),
    "value": ("", "An arm's share, mean, count or cost of a right answer; a pair's mean difference."),
    "low": ("", "The lower end of the 95 % interval of `value`."),
    "high": ("", "The upper end."),
    "median": ("", "The median."),
    "q1": ("", "The first quartile, interpolated (type 7 of Hyndman and Fan, as numpy and R do)."),
    "q3": ("", "The third quartile."),
    "p95": ("", "The 95th percentile."),
    "min": ("", "The least."),
    "max": ("", "The most."),
    "total": ("", "The sum over all attempts."),
    "first_value": ("", "Of a pair, the first's share or mean."),
    "second_value": ("", "Of a pair, the second's."),
    "ratio": ("", "Of a pair, second / first; empty where `note` says why."),
    "ratio_low": ("", "The lower end of the 95 % interval of `ratio`."),
    "ratio_high": ("", "The upper end."),
    "both": ("", "Of a pair, attempts that both have right."),
    "first_only": ("", "Attempts that the first alone has right."),
    "second_only": ("", "Attempts that the second alone has right."),
    "neither": ("", "Attempts that neither has right."),
    "p": ("", "Two-sided p of the exact McNemar test; over repeats, of the exact sign-flip test over items."),
    "p_holm": ("", "`p` corrected for all pairs by Holm's method."),
    "resolvable": ("", "The smallest difference that so many items show with 80 % power; empty if none."),
    "verdict": ("", "`first is better`, `second is better`, `tie` or `not enough items to tell`."),
    "on_front": ("", "Of an arm, whether none is as good in accuracy and this, and better in one."),
    "front_share": ("", "The share of the resamples of items in which that holds."),
    "note": ("", "Why a figure is missing."),
    "factors": (
        "",
        "Of a pair, the factors in which the arms differ, each as `name (first / second)`; of several, no"
        " difference can be put down to any one.",
    ),
}

OF_ITEMS = item_columns(MEANINGS)

CONTEXT_OF_CALLS = ("session", "turn", "paradigm", "model", "quantisation", "seed")
CONTEXT_OF_TOOL_CALLS = ("session", "turn", "paradigm", "model")
"""Columns of the turn that stand before those of its calls, so that a row speaks for itself."""


def _columns(names: tuple[str, ...], own: dict[str, tuple[str, str]]) -> tuple[Column, ...]:
    meanings = MEANINGS | own
    return tuple(Column(name, *meanings[name]) for name in dict.fromkeys(names))


def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(item.name for item in fields(cls))


COLUMNS: dict[By, tuple[Column, ...]] = {
    "turn": _columns(_names(TurnRecord), {}),
    "call": _columns(CONTEXT_OF_CALLS + _names(CallRecord), OF_CALLS),
    "tool_call": _columns(CONTEXT_OF_TOOL_CALLS + _names(ToolCallRecord), OF_TOOL_CALLS),
    "comparison": _columns(tuple(OF_COMPARISONS), OF_COMPARISONS),
    "item": _columns(tuple(OF_ITEMS), OF_ITEMS),
}
"""The columns of each export, in order."""

UNITS: dict[str, str] = {column.name: column.unit for column in COLUMNS["turn"]}
"""The unit of each column of a turn."""
