"""Hypothesis strategies for whole turns, as a paradigm and an engine would tell them.

`turns()` draws finished turns, `turns(finished=False)` turns that were cut off anywhere. Every turn
keeps the promises of `agents.events`: times never go back, every output token is in one delta,
`reused + prefilled == prompt`, origins sum to it where any is told, joules grow and are of one source, and
what started ends unless the turn was cut off. In a `busy` turn calls may run at once, and the user be
asked about a tool.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import get_args

from hypothesis import strategies as st

from agents.events import (
    AgentStarted,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    ContextTrimmed,
    Decision,
    EnergySource,
    EngineFacts,
    Event,
    HandOff,
    LimitReached,
    Mark,
    MeterRead,
    NamedChance,
    OriginTokens,
    PrefillProgress,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import ORIGINS, PURPOSES, Message, Purpose, Sampling

ENGINE = EngineFacts(
    model="tiny",
    model_hash="sha256:00",
    quantisation="Q4_1",
    architecture="llama",
    parameters=135_000_000,
    n_ctx=2048,
    n_threads=2,
    gpu_layers=0,
    llama_cpp="0.3.36",
    machine="test",
    slmtui="0.1.0",
)

TUNED = replace(
    ENGINE, n_threads_batch=4, kv_type="q8_0", flash_attention=True, lora="finance.gguf × 0.5, tools.gguf × 1"
)

TEXTS = st.text(max_size=30)
HOSTILE_TEXTS = st.text(
    st.characters() | st.characters(categories=["Cs", "Cc", "Cf"]) | st.sampled_from("=+-@\t\r\n\0\x1b'\",;"),
    max_size=30,
)
JSON_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
ULIDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)


@dataclass
class Clock:
    """Moments of a turn: each later than the one before, in steps of 2**-10 s so that sums are exact."""

    draw: st.DrawFn
    now: float = 0.0

    def tick(self) -> float:
        self.now += self.draw(st.integers(0, 2000)) / 1024
        return self.now


@dataclass
class Script:
    """A turn while it is drawn."""

    draw: st.DrawFn
    texts: st.SearchStrategy[str]
    clock: Clock
    source: EnergySource
    busy: bool
    joules: float = 0.0
    events: list[Event] = field(default_factory=list)
    answer: str = ""

    def seconds(self) -> float:
        return self.draw(st.integers(0, 4000)) / 1024

    def count(self, most: int = 500) -> int:
        return self.draw(st.integers(0, most))


@st.composite
def turns(
    draw: st.DrawFn,
    *,
    finished: bool = True,
    texts: st.SearchStrategy[str] = TEXTS,
    turn: st.SearchStrategy[str] = ULIDS,
    session: st.SearchStrategy[str] = ULIDS,
    busy: bool = False,
) -> list[Event]:
    script = Script(draw, texts, Clock(draw), draw(st.sampled_from(get_args(EnergySource))), busy)
    script.events.append(_turn_started(script, draw(turn), draw(session)))
    for step in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["call", "call", "tool", "meter", "other", *["calls"] * busy]))
        kinds = {"call": _one_call, "calls": _calls, "tool": _tool, "meter": _meter, "other": _other}
        kinds[kind](script, step)
    if not finished:
        return script.events[: draw(st.integers(1, len(script.events)))]
    status = draw(st.sampled_from(["ok", "ok", "cancelled", "failed"]))
    reason = "" if status == "ok" else draw(texts)
    script.events.append(TurnFinished(script.clock.tick(), status, script.answer, reason))
    return script.events


def _turn_started(script: Script, turn: str, session: str) -> TurnStarted:
    draw = script.draw
    return TurnStarted(
        t=0.0,
        turn=turn,
        session=session,
        paradigm=draw(st.sampled_from(["base", "single", "multi"])),
        prompt=draw(script.texts),
        started_at="2026-01-02T03:04:05+00:00",
        sampling=Sampling(
            seed=draw(st.integers(0, 2**32 - 1)), temperature=draw(st.sampled_from([0.0, 0.7]))
        ),
        engine=draw(st.sampled_from([ENGINE, TUNED])),
        warm=draw(st.booleans()),
        cold=draw(st.booleans()),
    )


def _one_call(script: Script, step: int) -> None:
    script.events.extend(_call(script, f"call{step}"))


def _calls(script: Script, step: int) -> None:
    """Let two or three calls run at once, with a reading of the meter somewhere among them."""
    running = [_call(script, f"call{step}{letter}") for letter in "abc"[: 2 + script.count(1)]]
    while running:
        call = script.draw(st.sampled_from(running))
        event = next(call, None)
        if event is None:
            running.remove(call)
        else:
            script.events.append(event)
        if script.draw(st.booleans()):
            _meter(script, step)


def _call(script: Script, call: str) -> Iterator[Event]:
    draw, clock = script.draw, script.clock
    agent = draw(st.sampled_from(["assistant", "supervisor", "specialist"]))
    purpose = draw(st.sampled_from(PURPOSES))
    message = Message("user", draw(script.texts), "user")
    yield CallStarted(clock.tick(), call, agent, purpose, (message,), draw(st.booleans()), 256)
    if draw(st.booleans()):
        yield ContextTrimmed(clock.tick(), call, script.count(9), 900, 700, 768, "oldest first")
    if draw(st.booleans()):
        yield PrefillProgress(clock.tick(), call, script.count(), 500)
    logprobs = draw(st.booleans())
    deltas: list[TextDelta] = []
    for _ in range(draw(st.integers(0, 5))):
        deltas.append(_delta(script, call, agent, logprobs))
        yield deltas[-1]
    answered = "".join(delta.text for delta in deltas if delta.purpose == "answer")
    script.answer = answered or script.answer
    yield _call_finished(script, call, agent, purpose, deltas)


def _delta(script: Script, call: str, agent: str, logprobs: bool) -> TextDelta:
    times = tuple(script.clock.tick() for _ in range(script.draw(st.integers(1, 4))))
    purpose = script.draw(st.sampled_from(PURPOSES))
    text = script.draw(script.texts)
    return TextDelta(
        script.clock.tick(), call, agent, purpose, text, times,
        marks=script.draw(st.lists(_marks(text), max_size=2).map(tuple)),
        logprobs=tuple(-script.seconds() for _ in times) if logprobs else (),
    )  # fmt: skip


def _marks(text: str) -> st.SearchStrategy[Mark]:
    return st.builds(Mark, st.integers(0, len(text)), st.sampled_from(["<tool_call>", "<|im_end|>"]))


def _choices(script: Script) -> tuple[NamedChance, ...]:
    """Return the chances of some names, together 1, or none at all."""
    weights = [script.count(1000) for _ in range(script.count(4))]
    names = [f"{script.draw(script.texts)}{index}" for index in range(len(weights))]
    total = sum(weights)
    if not total:
        return ()
    return tuple(NamedChance(name, weight / total) for name, weight in zip(names, weights, strict=True))


def _origins(script: Script, reused: int, new: int, avoidable: int) -> tuple[OriginTokens, ...]:
    """Return a prompt by origin: all of one, or split among two, or of none that is told."""
    names = script.draw(st.lists(st.sampled_from(ORIGINS), unique=True, max_size=2))
    if len(names) < 2:
        return tuple(OriginTokens(name, reused, new + avoidable, avoidable) for name in names)
    some = [script.count(number) for number in (reused, new, avoidable)]
    rest = [number - part for number, part in zip((reused, new, avoidable), some, strict=True)]
    return tuple(
        OriginTokens(name, old, fresh + again, again)
        for name, (old, fresh, again) in zip(names, (some, rest), strict=True)
    )


def _call_finished(
    script: Script, call: str, agent: str, purpose: Purpose, deltas: list[TextDelta]
) -> CallFinished:
    times = [moment for delta in deltas for moment in delta.times]
    reused, prefilled = script.count(), script.count()
    avoidable = script.count(prefilled)
    finish_reason = script.draw(st.sampled_from(["stop", "length", "cancelled", "failed"]))
    return CallFinished(
        t=script.clock.tick(),
        call=call,
        agent=agent,
        purpose=purpose,
        finish_reason=finish_reason,
        prompt_tokens=reused + prefilled,
        reused_tokens=reused,
        prefilled_tokens=prefilled,
        avoidable_tokens=avoidable,
        output_tokens=len(times),
        origins=_origins(script, reused, prefilled - avoidable, avoidable),
        queue_s=script.seconds(),
        template_s=script.seconds(),
        prefill_s=script.seconds(),
        ttft_s=script.seconds() if times else None,
        decode_s=times[-1] - times[0] if times else 0.0,
        sampling_s=script.seconds(),
        grammar_s=script.seconds(),
        context_used=script.count(),
        context_size=2048,
        kv_bytes=script.count() * 1024,
        error="out of luck" if finish_reason == "failed" else "",
        choices=_choices(script),
    )


def _tool(script: Script, step: int) -> None:
    draw, clock, tool_call = script.draw, script.clock, f"tool{step}"
    name = draw(st.sampled_from(["calculator", "dates", "units", "notes"]))
    arguments = draw(st.dictionaries(TEXTS, JSON_VALUES, max_size=3))
    if script.busy and draw(st.booleans()):
        asked = ApprovalAsked(clock.tick(), tool_call, "assistant", name, arguments)
        decision = draw(st.sampled_from(get_args(Decision)))
        script.events += [asked, ApprovalGiven(clock.tick(), tool_call, "assistant", name, decision)]
    script.events.append(ToolStarted(clock.tick(), tool_call, "assistant", name, arguments))
    status = draw(st.sampled_from(["ok", "error"]))
    result = draw(script.texts)
    seconds = script.seconds()
    script.events.append(ToolFinished(clock.tick(), tool_call, "assistant", name, result, status, seconds))


def _meter(script: Script, step: int) -> None:
    script.joules += script.seconds()
    has_meter = script.source != "none"
    rss, peak, own = script.count() * 1024, script.count() * 1024, script.count() * 1024
    script.events.append(
        MeterRead(
            script.clock.tick(), rss, max(rss, peak), script.seconds(),
            script.joules if has_meter else None,
            script.source,
            scope="package" if has_meter else "",
            idle_watts=script.draw(st.none() | st.just(1.5)) if has_meter else None,
            anon_bytes=script.draw(st.none() | st.just(own)),
            file_bytes=script.draw(st.none() | st.just(own)),
        )
    )  # fmt: skip


def _other(script: Script, step: int) -> None:
    draw, t = script.draw, script.clock.tick()
    event = draw(
        st.sampled_from(
            [
                AgentStarted(t, "specialist", "work it out"),
                HandOff(t, "supervisor", "specialist", "work it out"),
                LimitReached(t, "assistant", "steps", "5 steps"),
                LimitReached(t, "assistant", "repeat", "the same call twice"),
            ]
        )
    )
    script.events.append(event)
