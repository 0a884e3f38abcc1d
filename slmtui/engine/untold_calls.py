"""The account of a call of which the engine cannot tell: it did not begin, or the engine has gone."""

from agents.events import CallFinished, FinishReason
from agents.model import Request


def untold_call(
    request: Request,
    reason: FinishReason,
    error: str,
    *,
    t: float,
    context: int,
    queue_s: float = 0.0,
    output: int = 0,
) -> CallFinished:
    """Return the end at `t` of a call that waited `queue_s` seconds and wrote `output` tokens."""
    return CallFinished(
        t=t,
        call=request.call,
        agent=request.agent,
        purpose=request.purpose,
        finish_reason=reason,
        prompt_tokens=0,
        reused_tokens=0,
        prefilled_tokens=0,
        avoidable_tokens=0,
        output_tokens=output,
        origins=(),
        queue_s=queue_s,
        template_s=0.0,
        prefill_s=0.0,
        ttft_s=None,
        decode_s=0.0,
        sampling_s=0.0,
        grammar_s=0.0,
        context_used=0,
        context_size=context,
        kv_bytes=0,
        error=error,
    )
