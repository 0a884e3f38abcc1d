"""What happened to a turn, one line each: in words, so that no colour is needed to read them."""

from agents import events as ev
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line

_RUNGS: dict[ev.Rung, str] = {
    "repair": "repaired",
    "reask": "asked again",
    "no_tools": "answered without tools",
    "fallback": "fell back to base",
}
_DECISIONS: dict[ev.Decision, str] = {
    "once": "allowed once",
    "session": "allowed for this session",
    "no": "not allowed",
}
_LIMITS: dict[ev.Limit, str] = {
    "repeat": "it repeated itself",
    "text": "it wrote the same again",
}
_SKIPPED = {"answer": "judge", "think": "thought", "route": "router", "handoff": "hand-over"}


def plural(number: int, noun: str) -> str:
    """Return a count with its noun: 1 message, 1 204 tokens."""
    return f"{fmt.count(number)} {noun}{'' if number == 1 else 's'}"


def _with(text: str, detail: str, joint: str = ": ") -> str:
    detail = plain_line(detail)
    return f"{text}{joint}{detail}" if detail else text


def trimmed(event: ev.ContextTrimmed) -> str:
    """Return what was cut for the context, and by which rule."""
    before, after, limit = (fmt.count(n) for n in (event.tokens_before, event.tokens_after, event.limit))
    cut = [f"{plural(event.cut_observations, 'result')} shortened"] if event.cut_observations else []
    if event.dropped_messages or not cut:
        cut.append(f"{plural(event.dropped_messages, 'message')} left out")
    text = f"context full: {', '.join(cut)}, {before} → {after} of {limit} tokens"
    return _with(text, event.rule, " · rule: ")


def limit(event: ev.LimitReached) -> str:
    """Return which agent was stopped, and by what."""
    why = _LIMITS.get(event.limit)
    reason = f": {why}" if why else f" by its limit of {event.limit.replace('_', ' ')}"
    return _with(f"{plain_line(event.agent, 40)} stopped{reason}", event.detail, " · ")


def rung(event: ev.RungTaken) -> str:
    """Return which rung of the ladder was taken, and why."""
    return _with(_RUNGS[event.rung], event.detail)


def skipped(event: ev.CallSkipped) -> str:
    """Return which call was not made, and about what that saved."""
    what = f"{_SKIPPED.get(event.purpose, event.purpose)} skipped"
    new = f", ~{fmt.count(event.new_tokens)} of them new" if event.new_tokens else ""
    return f"{_with(what, event.reason)}, ~{plural(event.prompt_tokens, 'prompt token')} saved{new}"


def approval(event: ev.ApprovalGiven) -> str:
    """Return what the user decided on a call."""
    return f"{_DECISIONS[event.decision]}: {plain_line(event.name, 60)}"


def cut(event: ev.ToolFinished) -> str:
    """Return how much of a tool's result was left out."""
    return f"result cut: {plural(event.cut_tokens, 'token')} left out"


def chosen(event: ev.AnswerChosen) -> str:
    """Return why a text became the answer."""
    if event.voters > 1:
        return f"chosen by vote: {fmt.count(event.votes)} of {fmt.count(event.voters)} agree"
    return _with(f"the answer is what {plain_line(event.agent, 40)} wrote", event.reason)
