"""The attributes of spans, from the records of a turn: what is written under which name."""

import json
from collections.abc import Mapping

from agents.message import ORIGINS, PURPOSES
from sessions.otel import names as n
from sessions.otel.span import Attributes, Value, present
from sessions.records import CallRecord, ToolCallRecord, TurnRecord

UNFINISHED = "unfinished"
"""The type of error of what had begun and never ended."""

PHASES = ("queue", "template", "prefill", "decode", "sampling", "grammar")


def of_turn(turn: TurnRecord) -> Attributes:
    """Return what is told of a turn."""
    return present(
        {
            **_identity(n.INVOKE_WORKFLOW, turn),
            n.WORKFLOW: turn.paradigm,
            n.AGENT: turn.paradigm,
            n.REQUEST_MODEL: turn.model,
            **_sampling(turn, turn.temperature),
            **_usage(turn),
            **_tokens(turn),
            n.TIME_TO_FIRST_CHUNK: turn.ttft_s,
            n.TURN: turn.turn,
            n.STATUS: turn.status or UNFINISHED,
            n.WARM: turn.warm,
            n.COLD: turn.cold,
            n.MODEL_HASH: turn.model_hash,
            n.QUANTISATION: turn.quantisation,
            n.MACHINE: turn.machine,
            n.ENGINE: turn.llama_cpp,
            n.CPU: turn.cpu_s,
            n.PEAK_MEMORY: turn.peak_rss_bytes,
            n.JOULES: turn.joules,
            n.ENERGY_SOURCE: turn.energy_source,
            n.ENERGY_SCOPE: turn.energy_scope,
            n.ERROR_TYPE: None if turn.status == "ok" else turn.status or UNFINISHED,
            **{n.FACTOR.format(name): value for name, value in json.loads(turn.factors).items()},
        }
    )


def of_agent(turn: TurnRecord, agent: str, role: str) -> Attributes:
    """Return what is told of an agent's stint."""
    return present({**_identity(n.INVOKE_AGENT, turn), n.AGENT: agent, n.ROLE: role})


def of_call(
    turn: TurnRecord, call: CallRecord, role: str, *, max_tokens: int | None, greedy: bool
) -> Attributes:
    """Return what is told of a call of the model."""
    model = call.agent_model or turn.model
    ended = call.finish_reason in ("stop", "length")
    usage = _usage(call) if call.finish_reason else {n.OUTPUT_TOKENS: call.output_tokens}
    return present(
        {
            **_identity(n.CHAT, turn),
            n.AGENT: call.agent,
            n.ROLE: role,
            n.REQUEST_MODEL: model,
            n.RESPONSE_MODEL: model,
            n.RESPONSE_ID: call.call,
            n.STREAM: True,
            n.MAX_TOKENS: max_tokens,
            **_sampling(turn, 0.0 if greedy else turn.temperature),
            n.FINISH_REASONS: (finish_reason(call),),
            n.TIME_TO_FIRST_CHUNK: call.ttft_s,
            **usage,
            **_tokens(call),
            n.PURPOSE: call.purpose,
            n.CONSTRAINED: call.constrained,
            **{n.PHASE.format(phase): getattr(call, f"{phase}_s") for phase in PHASES},
            n.ERROR_TYPE: None if ended else call.finish_reason or UNFINISHED,
        }
    )


def of_tool(turn: TurnRecord, call: ToolCallRecord, role: str) -> Attributes:
    """Return what is told of a call of a tool."""
    return present(
        {
            **_identity(n.EXECUTE_TOOL, turn),
            n.AGENT: call.agent,
            n.ROLE: role,
            n.TOOL: call.name,
            n.TOOL_TYPE: n.FUNCTION,
            n.TOOL_CALL: call.tool_call,
            n.TOOL_SECONDS: call.seconds,
            n.APPROVAL: call.approval,
            n.CUT: call.cut_tokens,
            n.ERROR_TYPE: None if call.status == "ok" else call.status or UNFINISHED,
        }
    )


def finish_reason(call: CallRecord) -> str:
    """Return why a model stopped, as the conventions have it: all that is no proper end is an error."""
    return call.finish_reason if call.finish_reason in ("stop", "length") else n.ENDED_BADLY


def _identity(operation: str, turn: TurnRecord) -> Mapping[str, Value]:
    return {n.OPERATION: operation, n.PROVIDER: n.LLAMA_CPP, n.CONVERSATION: turn.session}


def _sampling(turn: TurnRecord, temperature: float) -> Mapping[str, Value]:
    return {n.TEMPERATURE: temperature, n.TOP_K: turn.top_k, n.TOP_P: turn.top_p, n.SEED: turn.seed}


def _usage(of: TurnRecord | CallRecord) -> Mapping[str, Value]:
    return {
        n.INPUT_TOKENS: of.prompt_tokens,
        n.CACHE_READ: of.reused_tokens,
        n.OUTPUT_TOKENS: of.output_tokens,
        n.REASONING: of.think_tokens,
        n.PREFILLED: of.prefilled_tokens,
        n.AVOIDABLE: of.avoidable_tokens,
    }


def _tokens(of: TurnRecord | CallRecord) -> Mapping[str, Value]:
    written = {n.of_purpose(purpose): getattr(of, f"{purpose}_tokens") for purpose in PURPOSES}
    return written | {n.of_origin(origin): getattr(of, f"{origin}_in_tokens") for origin in ORIGINS}
