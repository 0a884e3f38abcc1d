"""Every event of a turn. A turn is a stream of these, and nothing else is known about it.

`t` is seconds since the turn started, on one monotonic clock: the engine's child process and the app
both read the machine's. Events are frozen, and turn into JSON and back without loss (`to_json`,
`from_json`).
"""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from agents.message import Message, Origin, Purpose, Sampling

Status = Literal["ok", "cancelled", "failed", "interrupted"]
FinishReason = Literal["stop", "length", "cancelled", "failed"]
Rung = Literal["repair", "reask", "no_tools", "fallback"]
Limit = Literal["steps", "tokens", "seconds", "joules", "tool_calls", "repeat", "text"]
Decision = Literal["once", "session", "no"]
ToolStatus = Literal["ok", "error"]
EnergySource = Literal["measured", "modelled", "none"]


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """The model and engine that a turn ran on: what a sceptic asks for.

    `n_threads` decode and `n_threads_batch` prefill; `kv_type` is the KV cache's element type;
    `lora` names the adapters with their scales.
    """

    model: str
    model_hash: str
    quantisation: str
    architecture: str
    parameters: int
    n_ctx: int
    n_threads: int
    gpu_layers: int
    llama_cpp: str
    machine: str
    slmtui: str
    n_threads_batch: int = 0
    kv_type: str = "f16"
    flash_attention: bool = False
    lora: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A special token in an output: it stands before character `offset` of the text beside it.

    The parser of tool calls reads it; it is never part of the text that a person sees.
    """

    offset: int
    token: str


@dataclass(frozen=True, slots=True)
class NamedChance:
    """The probability of a name among those that could stand at its place; together they are 1.

    Names that begin with the same token share an entry, joined by `|`.
    """

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class OriginTokens:
    """Prompt tokens of one origin: `reused` from the KV cache and `prefilled` by this call.

    `avoidable` of the prefilled ones had been held by some sequence before.
    """

    origin: Origin
    reused: int
    prefilled: int
    avoidable: int = 0


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A prompt was sent. `started_at` is UTC in ISO 8601; `warm` says that the engine held sequences.

    `cold` says that the turn reuses none of them, and that each of its calls runs alone. `factors` is
    what the turn's paradigm and switches amount to, by name: two turns are as different as these are.

    `parent` is the turn that it follows in the conversation: empty for none, and None (in events of
    before) for the one before it in the session. `beginning` is what its answer was made to begin with,
    for it goes on where another stopped: it is no output, and no delta has it, but `TurnFinished.answer`
    has. `system` is the user's own system prompt, empty for the one of the paradigm.
    """

    t: float
    turn: str
    session: str
    paradigm: str
    prompt: str
    started_at: str
    sampling: Sampling
    engine: EngineFacts
    warm: bool
    cold: bool = False
    factors: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    beginning: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class AgentStarted:
    """An agent began to work on a task."""

    t: float
    agent: str
    task: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """One agent gave a task, or its result, to another."""

    t: float
    source: str
    target: str
    task: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call of the model began. `messages` is the exact prompt before any was dropped.

    `constrained` says that a grammar held the output, `greedy` that the likeliest token was taken
    whatever the turn's sampling: a choice is not prose. `model` names the agent's model where it is
    not the turn's, and `tools` the tools that the chat template showed it. `beginning` is what the answer
    was made to begin with: the last tokens of the prompt, behind the template's own.
    """

    t: float
    call: str
    agent: str
    purpose: Purpose
    messages: tuple[Message, ...]
    constrained: bool
    max_tokens: int
    greedy: bool = False
    model: str = ""
    tools: tuple[str, ...] = ()
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class ContextTrimmed:
    """The prompt did not fit, and was cut by the rule in `rule`.

    `cut_observations` results of tools were shortened, `dropped_messages` left out.
    """

    t: float
    call: str
    dropped_messages: int
    tokens_before: int
    tokens_after: int
    limit: int
    rule: str
    cut_observations: int = 0


@dataclass(frozen=True, slots=True)
class PrefillProgress:
    """A long prefill went on: `done` of `total` prompt tokens are in the KV cache."""

    t: float
    call: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The model wrote: `times` has one entry a token, seconds since the turn started.

    `text` may be empty (an end-of-turn token, or half a character), but every output token is in
    exactly one delta, so tokens by purpose sum to the output. `marks` are the special tokens in it.
    `logprobs` has one natural logarithm a token where the call asked for them.
    """

    t: float
    call: str
    agent: str
    purpose: Purpose
    text: str
    times: tuple[float, ...]
    marks: tuple[Mark, ...] = ()
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call ended. Times are seconds; `prompt_tokens == reused_tokens + prefilled_tokens`.

    `avoidable_tokens` were prefilled though some sequence had held the same prefix before.
    `ttft_s` runs from the moment the engine received the call to its first token (None: no token).
    `decode_s` runs from the first token to the last. `kv_bytes` is the KV cache in use after the call.
    `choices` answers the call's `NamedSet`; empty when its place was not reached.
    """

    t: float
    call: str
    agent: str
    purpose: Purpose
    finish_reason: FinishReason
    prompt_tokens: int
    reused_tokens: int
    prefilled_tokens: int
    avoidable_tokens: int
    output_tokens: int
    origins: tuple[OriginTokens, ...]
    queue_s: float
    template_s: float
    prefill_s: float
    ttft_s: float | None
    decode_s: float
    sampling_s: float
    grammar_s: float
    context_used: int
    context_size: int
    kv_bytes: int
    error: str = ""
    choices: tuple[NamedChance, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """An agent called a tool."""

    t: float
    tool_call: str
    agent: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """A tool that writes or reaches out is to be called, and the user is asked first."""

    t: float
    tool_call: str
    agent: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """The user decided on a call: this `once`, always for this `session`, or `no`."""

    t: float
    tool_call: str
    agent: str
    name: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool answered: a result, or an error that a model can read. `seconds` is the tool's own time.

    `cut_tokens` of the result were left out, by the estimate that it was cut with.
    """

    t: float
    tool_call: str
    agent: str
    name: str
    result: str
    status: ToolStatus
    seconds: float
    cut_tokens: int = 0


@dataclass(frozen=True, slots=True)
class LimitReached:
    """An agent's loop was ended by a limit, or because it repeated a call or its words (`repeat`, `text`)."""

    t: float
    agent: str
    limit: Limit
    detail: str


@dataclass(frozen=True, slots=True)
class RungTaken:
    """What `call` wrote was no valid call of a tool, and the agent took this rung of the ladder.

    `repair` mended the call, `reask` asked once more with the error, `no_tools` answers without tools,
    and `fallback` leaves the answer to the base model.
    """

    t: float
    agent: str
    call: str
    rung: Rung
    detail: str


@dataclass(frozen=True, slots=True)
class AnswerChosen:
    """The answer is what `call` wrote, whatever for: so many `votes` of `voters`, or an agent's report."""

    t: float
    agent: str
    call: str
    reason: str
    votes: int = 1
    voters: int = 1


@dataclass(frozen=True, slots=True)
class CallSkipped:
    """A call was not needed. It would have had about so many prompt tokens, of which `new_tokens` unread."""

    t: float
    agent: str
    purpose: Purpose
    reason: str
    prompt_tokens: int
    new_tokens: int


@dataclass(frozen=True, slots=True)
class MeterRead:
    """The engine's process at one moment. `joules` counts from the start of the turn.

    `rss_bytes` is what the process holds in memory now and `peak_rss_bytes` the most this turn;
    of what it holds now, `anon_bytes` are its own and `file_bytes` pages of files (None: not told apart).
    `cpu_s` is CPU time spent since the turn started. `joules` is None when `source` is none; `scope` says
    what they are of, and `idle_watts` is the power of the same when no turn ran, last measured: nothing
    of it is taken off.
    """

    t: float
    rss_bytes: int
    peak_rss_bytes: int
    cpu_s: float
    joules: float | None
    source: EnergySource
    scope: str = ""
    idle_watts: float | None = None
    anon_bytes: int | None = None
    file_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The turn ended. `reason` says why when the status is not ok."""

    t: float
    status: Status
    answer: str
    reason: str = ""


Event: TypeAlias = (
    TurnStarted | AgentStarted | HandOff | CallStarted | ContextTrimmed | PrefillProgress | TextDelta
    | CallFinished | ApprovalAsked | ApprovalGiven | ToolStarted | ToolFinished | LimitReached | RungTaken
    | AnswerChosen | CallSkipped | MeterRead | TurnFinished
)  # fmt: skip

EVENT_TYPES: dict[str, type[Event]] = {cls.__name__: cls for cls in get_args(Event)}


def to_json(event: Event) -> str:
    """Return the fields of an event as JSON, without its type, which the store keeps beside it."""
    return msgspec.json.encode(event).decode()


def from_json(name: str, data: str) -> Event:
    """Return the event of type `name` from its JSON.

    Raises `KeyError` for an unknown name and `msgspec.ValidationError` for fields of other types.
    """
    return msgspec.json.decode(data, type=EVENT_TYPES[name])
