"""The account of a call that the engine could not give: what was seen of it in the app."""

from agents.events import CallFinished
from agents.model import Request


def lost_call(request: Request, output: int, context: int, t: float, error: str) -> CallFinished:
    """Return the end of a call that failed at `t`, after `output` tokens, for `error`."""
    return CallFinished(
        t=t,
        call=request.call,
        agent=request.agent,
        purpose=request.purpose,
        finish_reason="failed",
        prompt_tokens=0,
        reused_tokens=0,
        prefilled_tokens=0,
        avoidable_tokens=0,
        output_tokens=output,
        origins=(),
        queue_s=0.0,
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
