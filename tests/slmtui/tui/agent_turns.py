"""Turns in which agents think, vote, mend their calls and ask first, as scripts for the app."""

from agents import events as ev
from agents.message import Message
from slmtui.backend import TurnRequest
from tests.slmtui.tui.scripted import Script

CALL = '{"tool": "calculator", "arguments": {"expression": "12 * (30 + 1)"}}'
THOUGHT = "The price is 12 each.\nThere are 30 and one more, so 31 of them."


def thinking_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn).agent("agent", request.prompt)
    script.call("agent", [("think", THOUGHT), ("call", CALL)], prompt=420)
    script.tool("agent", "calculator", {"expression": "12 * (30 + 1)"}, "372").meter(joules=2.0)
    return script.call("agent", [("answer", "They cost **372**.")], prompt=470, reused=440).end()


def voting_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn).agent("assistant", request.prompt)
    started = script.events[0]
    assert isinstance(started, ev.TurnStarted)
    started.factors["samples"] = "3, majority"
    calls = [f"{turn}-v{n}" for n in range(3)]
    prompt = (Message("user", request.prompt, "user"),)
    for call in calls:
        script.events.append(ev.CallStarted(script.t, call, "assistant", "think", prompt, False, 300))
    texts = ["12 times 31 is 372.", "It is 31 * 12 = 372.", "The answer is 360, I think."]
    for place in range(5):
        for call, text in zip(calls, texts, strict=True):
            word = text.split()[place]
            script.t = round(script.t + 0.02, 3)
            delta = ev.TextDelta(script.t, call, "assistant", "think", f"{word} ", (script.t,))
            script.events.append(delta)
    script.answer = texts[0]
    script.add(ev.AnswerChosen(0, "assistant", calls[0], "2 of 3 agree", 2, 3))
    return script.meter().end()


def mended_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    """A team whose specialist climbs down the ladder, and that needs no judge in the end."""
    script = Script(request, turn).agent("supervisor", request.prompt)
    script.call("supervisor", [("route", "math")], prompt=380)
    script.hand_off("supervisor", "math", request.prompt).agent("math", request.prompt)
    script.call("math", [("call", '{"tool": "calc", "arguments": {}}')], prompt=300)
    script.add(ev.RungTaken(0, "math", "c", "reask", "expression is missing."))
    script.call("math", [("repair", CALL.replace("calculator", "calculater"))], prompt=360)
    script.add(ev.RungTaken(0, "math", "c", "repair", "the name nearest to 'calculater' is calculator"))
    script.add(ev.ToolStarted(0, "t", "math", "calculator", {"expression": "12 * (30 + 1)"}))
    script.add(ev.ToolFinished(0, "t", "math", "calculator", "372", "ok", 0.012, 1204))
    script.call("math", [("handoff", "The result is 372.")], prompt=400, reused=380)
    report = script.events[-1]
    assert isinstance(report, ev.CallFinished)
    script.hand_off("math", "supervisor", "The result is 372.")
    reason = "the router was sure (0.97) and math succeeded"
    script.add(ev.CallSkipped(0, "supervisor", "answer", reason, 412, 6))
    script.add(ev.AnswerChosen(0, "math", report.call, reason))
    script.answer = "The result is 372."
    return script.meter(joules=7.9).end()


def noting_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    """A turn that writes a note, after asking."""
    text = "The plumber comes on Friday at 9.\nHe needs the key of the cellar."
    script = Script(request, turn).agent("agent", request.prompt)
    script.call("agent", [("call", '{"tool": "add_note", "arguments": {"text": "The plumber"}}')])
    script.add(ev.ApprovalAsked(0, "t", "agent", "add_note", {"text": text}))
    script.tool("agent", "add_note", {"text": text}, "saved in 2026-01-02.md")
    return script.call("agent", [("answer", "It is written down.")]).end()
