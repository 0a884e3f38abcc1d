"""A model's own thoughts told apart from its answer."""

from agents.formats.format import CallFormat
from agents.message import Purpose
from agents.model import PurposeSwitch


def thought_switches(fmt: CallFormat, purpose: Purpose, *, thinking: bool) -> tuple[PurposeSwitch, ...]:
    """Return the switches that count a model's thoughts apart from what the call is for.

    `thinking` says whether the template was told to let the model think.
    """
    reasoning = fmt.reasoning
    if not reasoning.close or purpose == "think":
        return ()
    opened = prompt_opens_thoughts(fmt, thinking=thinking)
    begins = PurposeSwitch("" if opened else reasoning.open.strip(), "think", opening=True)
    return (begins, PurposeSwitch(reasoning.close.strip(), purpose))


def prompt_opens_thoughts(fmt: CallFormat, *, thinking: bool) -> bool:
    """Return whether the prompt for an answer already opens the model's thoughts."""
    reasoning = fmt.reasoning
    if not reasoning.switch:
        return reasoning.opened
    return reasoning.opened_on if thinking else reasoning.opened_off


def has_thoughts(fmt: CallFormat) -> bool:
    """Return whether the chat template knows thoughts, so that the model has a way of its own to think."""
    return bool(fmt.reasoning.close) and not fmt.reasoning.assumed


def thinks(fmt: CallFormat, *, thinking: bool) -> bool:
    """Return whether thoughts come before an answer: the model's way, or opened by every prompt."""
    return prompt_opens_thoughts(fmt, thinking=thinking) or (thinking and has_thoughts(fmt))
