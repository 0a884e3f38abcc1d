"""The rows that are projected from a turn's events: a turn, a call, a tool call.

Field names are the columns of the store and of every CSV. Seconds end in `_s`, token counts in
`_tokens`. `None` means that there was nothing to measure, never zero.
"""

from dataclasses import dataclass, field
from typing import Literal

from agents.events import Decision, EnergySource, FinishReason, Status, ToolStatus
from agents.message import Purpose

Approval = Decision | Literal["asked"]
"""What became of a question to the user; `asked` when it was not answered (yet)."""


@dataclass(slots=True)
class CallRecord:
    """One call of the model. `reused_tokens + prefilled_tokens == prompt_tokens`.

    The six counts by purpose sum to `output_tokens`; `sessions.answering` tells which tokens were the
    answer's. The eight `_in_tokens` by origin sum to `prompt_tokens`. `started_s` counts from the start
    of the turn, `position` from 1. `tpot_s` is (last token - first token) / (tokens - 1),
    `decode_tok_s` is 1 / `tpot_s`, and `wall_s` runs from `CallStarted` to `CallFinished`, or so far.
    `choice` is the likeliest of the names that the call was asked about, `choice_entropy` that of all
    of them in bits; `logprob_sum` is over the drawn tokens, in nats. None when the call did not ask.
    `agent_model` is empty where it is the turn's model, and `tools_shown` counts the tools that the
    chat template showed.
    """

    call: str
    turn: str
    position: int
    agent: str
    purpose: Purpose
    started_s: float
    finish_reason: FinishReason | None = None
    prompt_tokens: int = 0
    reused_tokens: int = 0
    prefilled_tokens: int = 0
    avoidable_tokens: int = 0
    output_tokens: int = 0
    think_tokens: int = 0
    route_tokens: int = 0
    handoff_tokens: int = 0
    call_tokens: int = 0
    repair_tokens: int = 0
    answer_tokens: int = 0
    queue_s: float = 0.0
    template_s: float = 0.0
    prefill_s: float = 0.0
    ttft_s: float | None = None
    decode_s: float = 0.0
    tpot_s: float | None = None
    decode_tok_s: float | None = None
    sampling_s: float = 0.0
    grammar_s: float = 0.0
    wall_s: float = 0.0
    error: str = ""
    text: str = ""
    choice: str | None = None
    choice_probability: float | None = None
    choice_entropy: float | None = None
    logprob_sum: float | None = None
    system_in_tokens: int = 0
    tools_in_tokens: int = 0
    example_in_tokens: int = 0
    history_in_tokens: int = 0
    user_in_tokens: int = 0
    tool_result_in_tokens: int = 0
    handoff_in_tokens: int = 0
    template_in_tokens: int = 0
    agent_model: str = ""
    constrained: bool = False
    tools_shown: int = 0


@dataclass(slots=True)
class ToolCallRecord:
    """One call of a tool. `arguments` is JSON, `seconds` the tool's own time; `position` counts from 1.

    `approval` is None when the user was not asked. `cut_tokens` of the result were left out.
    """

    tool_call: str
    turn: str
    position: int
    agent: str
    name: str
    arguments: str
    started_s: float
    result: str = ""
    status: ToolStatus | None = None
    seconds: float = 0.0
    approval: Approval | None = None
    cut_tokens: int = 0


@dataclass(slots=True)
class TurnRecord:
    """One turn. Sums over its calls, except where a name says otherwise.

    `ttft_s` runs from the moment the prompt was sent to the first token of the answer.
    `decode_tok_s` is the sum of (output - 1) over the calls, divided by the sum of their `decode_s`.
    `mean_watts` is `joules / wall_s`: the power that the energy figure implies. `peak_rss_bytes`,
    `kv_bytes` and `context_used` are the most of the turn; `rss_bytes` and `cpu_s` the last reading.
    `limit_reached` names the limits that ended an agent's loop. `status` is None while the turn runs.
    `factors` is a JSON object, empty when none were recorded. `answer_call` wrote the answer; `votes`
    and `voters` are None unless an agent chose it. What begins with `est_` is estimated, not counted.
    `position` counts the turns of a session from 1, and is 0 outside the store. `parent` is the turn that
    it follows, empty for none; `answer` starts with `beginning`, which the model did not write.
    """

    turn: str
    session: str
    paradigm: str
    prompt: str
    started_at: str
    position: int = 0
    answer: str = ""
    status: Status | None = None
    reason: str = ""
    wall_s: float = 0.0
    ttft_s: float | None = None
    decode_tok_s: float | None = None
    calls: int = 0
    tool_calls: int = 0
    tool_errors: int = 0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    prefilled_tokens: int = 0
    avoidable_tokens: int = 0
    output_tokens: int = 0
    think_tokens: int = 0
    route_tokens: int = 0
    handoff_tokens: int = 0
    call_tokens: int = 0
    repair_tokens: int = 0
    answer_tokens: int = 0
    queue_s: float = 0.0
    template_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    sampling_s: float = 0.0
    grammar_s: float = 0.0
    tool_s: float = 0.0
    cpu_s: float | None = None
    rss_bytes: int | None = None
    peak_rss_bytes: int | None = None
    kv_bytes: int | None = None
    context_used: int | None = None
    context_size: int | None = None
    dropped_messages: int = 0
    limit_reached: str = ""
    joules: float | None = None
    energy_source: EnergySource = "none"
    mean_watts: float | None = None
    warm: bool = False
    model: str = ""
    model_hash: str = ""
    quantisation: str = ""
    architecture: str = ""
    parameters: int = 0
    n_ctx: int = 0
    n_threads: int = 0
    gpu_layers: int = 0
    llama_cpp: str = ""
    machine: str = ""
    slmtui: str = ""
    seed: int = 0
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 0.0
    min_p: float = 0.0
    repeat_penalty: float = 0.0
    n_threads_batch: int = 0
    kv_type: str = "f16"
    flash_attention: bool = False
    lora: str = ""
    cold: bool = False
    repairs: int = 0
    reasks: int = 0
    no_tools: int = 0
    fallbacks: int = 0
    approvals_asked: int = 0
    approvals_refused: int = 0
    cut_tokens: int = 0
    cut_observations: int = 0
    calls_skipped: int = 0
    est_skipped_prompt_tokens: int = 0
    est_skipped_new_tokens: int = 0
    system_in_tokens: int = 0
    tools_in_tokens: int = 0
    example_in_tokens: int = 0
    history_in_tokens: int = 0
    user_in_tokens: int = 0
    tool_result_in_tokens: int = 0
    handoff_in_tokens: int = 0
    template_in_tokens: int = 0
    factors: str = "{}"
    answer_call: str = ""
    votes: int | None = None
    voters: int | None = None
    rss_anon_bytes: int | None = None
    rss_file_bytes: int | None = None
    energy_scope: str = ""
    idle_watts: float | None = None
    parent: str = ""
    beginning: str = ""
    system: str = ""


@dataclass(slots=True)
class TurnRecords:
    """Everything projected from the events of one turn.

    `follows` is the parent that the events tell: None where they tell none, and the store has to.
    """

    turn: TurnRecord
    calls: list[CallRecord] = field(default_factory=list)
    tool_calls: list[ToolCallRecord] = field(default_factory=list)
    follows: str | None = None
