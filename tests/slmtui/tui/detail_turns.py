"""Turns for the details: a team, a crowd, samples at once, a prompt that did not fit, hostile names."""

from dataclasses import replace

from agents import events as ev
from agents.message import Message, Origin, Purpose, Role, Sampling
from sessions.store import Store
from tests.slmtui.tui.scripted import FACTS, STARTED_AT

HOSTILE = "\x1b[31mma\u202eth[/b]\n"
TASK = "Work out 347 * 29, and say it in words."


def started(session: str, turn: str, paradigm: str, prompt: str = "What is 347 * 29?") -> ev.TurnStarted:
    return ev.TurnStarted(
        0.0, turn, session, paradigm, prompt, STARTED_AT, Sampling(seed=7), FACTS, True,
        factors={"examples": "2", "tool_list": "off"},
    )  # fmt: skip


def message(origin: Origin, content: str, role: Role = "user", group: int = 0) -> Message:
    return Message(role, content, origin, group)


def call(
    t: float,
    ident: str,
    agent: str,
    text: str,
    *,
    purpose: Purpose = "answer",
    messages: tuple[Message, ...] = (Message("user", TASK, "user"),),
    queue: float = 0.05,
    prefill: float = 0.4,
    rate: float = 0.05,
    origins: tuple[ev.OriginTokens, ...] = (
        ev.OriginTokens("user", 12, 8, 3),
        ev.OriginTokens("template", 4, 2),
    ),
    mark: str = "<|im_end|>",
    tools: tuple[str, ...] = (),
    choices: tuple[ev.NamedChance, ...] = (),
    constrained: bool = False,
) -> list[ev.Event]:
    """Return the events of a call that writes a word a token, `rate` seconds each."""
    words = [f"{word} " for word in text.split()]
    first = t + queue + prefill + rate
    times = [round(first + rate * n, 3) for n in range(len(words))]
    marks = [() for _ in words[1:]] + [(ev.Mark(len(words[-1]), mark),)]
    deltas = [
        ev.TextDelta(at, ident, agent, purpose, word, (at,), each)
        for at, word, each in zip(times, words, marks, strict=True)
    ]
    reused, read = sum(o.reused for o in origins), sum(o.prefilled for o in origins)
    avoidable = sum(o.avoidable for o in origins)
    return [
        ev.CallStarted(t, ident, agent, purpose, messages, constrained, 256, tools=tools),
        *deltas,
        ev.CallFinished(
            times[-1], ident, agent, purpose, "stop", reused + read, reused, read, avoidable, len(words),
            origins, queue, 0.001, prefill, queue + prefill + rate, times[-1] - times[0], 0.002, 0.0,
            reused + read, 2048, 1024, choices=choices,
        ),
    ]  # fmt: skip


def tool(
    t: float, ident: str, agent: str, seconds: float = 0.2, status: ev.ToolStatus = "ok"
) -> list[ev.Event]:
    result = "10063" if status == "ok" else "there is no such tool"
    return [
        ev.ToolStarted(t, ident, agent, "calculator", {"expression": "347 * 29"}),
        ev.ToolFinished(t + seconds, ident, agent, "calculator", result, status, seconds),
    ]


SEEN = (
    message("system", "You are a careful assistant.", "system"),
    message("history", "An old question", group=1),
    message("history", "An old answer", "assistant", group=1),
    message("example", "What is 2 + 2?", group=2),
    message("example", '{"tool": "calculator"}', "assistant", group=2),
    message("user", TASK),
)
SEEN_ORIGINS = (
    ev.OriginTokens("system", 30, 0),
    ev.OriginTokens("example", 18, 0),
    ev.OriginTokens("user", 0, 22, 5),
    ev.OriginTokens("template", 11, 9),
)
CHOICES = (ev.NamedChance("math", 0.93), ev.NamedChance("writer", 0.07))


def team_turn(session: str, turn: str) -> list[ev.Event]:
    """A supervisor, a specialist with a tool that fails once, and a prompt that did not fit."""
    route = call(
        0.1, "c1", "supervisor", "math", purpose="route", messages=SEEN, origins=SEEN_ORIGINS,
        choices=CHOICES, constrained=True,
    )  # fmt: skip
    trim = ev.ContextTrimmed(0.1, "c1", 2, 120, 90, 96, "oldest turns first")
    report = "It is 10063"
    return [
        started(session, turn, "multi"),
        ev.AgentStarted(0.0, "supervisor", TASK),
        route[0], trim, *route[1:],
        ev.HandOff(0.62, "supervisor", "math", TASK),
        ev.AgentStarted(0.62, "math", TASK),
        *call(0.65, "c2", "math", '{"tool": "calculator"}', purpose="call", tools=("calculator", "units")),
        *tool(1.4, "t1", "math", status="error"),
        ev.RungTaken(1.6, "math", "c2", "reask", "no such tool"),
        *call(1.65, "c3", "math", '{"tool": "calculator", "again": true}', purpose="repair"),
        *tool(2.6, "t2", "math"),
        *call(2.85, "c4", "math", report, purpose="handoff"),
        ev.HandOff(3.6, "math", "supervisor", report),
        *call(3.65, "c5", "supervisor", "The answer is **10063**.", origins=SEEN_ORIGINS),
        ev.MeterRead(4.4, 412_000_000, 420_000_000, 8.0, 7.9, "modelled", "machine, 5 W idle to 25 W busy"),
        ev.TurnFinished(4.45, "ok", "The answer is **10063**."),
    ]  # fmt: skip


def samples_turn(session: str, turn: str) -> list[ev.Event]:
    """Three samples at once, told as they came."""
    calls = [
        call(0.1, f"v{n}", "assistant", "It is 10063 " + "indeed " * n, purpose="think", queue=0.1 * n)
        for n in range(3)
    ]
    events = sorted((event for each in calls for event in each), key=lambda event: event.t)
    end = events[-1].t
    chosen = ev.AnswerChosen(end, "assistant", "v0", "2 of 3 agree", 2, 3)
    return [started(session, turn, "vote"), *events, chosen, ev.TurnFinished(end, "ok", "10063")]


def crowd_turn(session: str, turn: str, agents: int = 12, seconds: float = 300.0) -> list[ev.Event]:
    """So many agents, one after another, over so many seconds."""
    names = [f"agent number {n}" for n in range(agents)]
    each = seconds / agents
    events: list[ev.Event] = [started(session, turn, "multi")]
    for n, name in enumerate(names):
        at = each * n
        if n:
            events.append(ev.HandOff(at, names[n - 1], name, "go on"))
        parts = {"queue": each * 0.1, "prefill": each * 0.3, "rate": each * 0.1}
        events += call(at, f"c{n}", name, "one two three", **parts)  # type: ignore[arg-type]
    return [*events, ev.TurnFinished(seconds, "ok", "done")]


def keep(store: Store, events: list[ev.Event]) -> str:
    """Store a turn, and return its id."""
    first = events[0]
    assert isinstance(first, ev.TurnStarted)
    store.append(first.session, first.turn, events)
    return first.turn


def renamed(events: list[ev.Event], old: str, new: str) -> list[ev.Event]:
    """Return events in which an agent has another name."""
    names = ("agent", "source", "target")
    return [
        replace(event, **{name: new for name in names if getattr(event, name, None) == old})  # type: ignore[arg-type]
        for event in events
    ]
