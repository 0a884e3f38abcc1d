"""A backend that needs no model: it answers every prompt with events written down beforehand."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

from agents import events as ev
from agents.message import Message, Purpose
from slmtui.backend import BackendError, TokenCount, TurnRequest
from slmtui.crew import ModelInUse, Role
from slmtui.tui.options import ModelChoice
from tools.registry import Tool

FACTS = ev.EngineFacts(
    model="SmolLM2-135M-Instruct", model_hash="sha256:0", quantisation="Q4_1", architecture="llama",
    parameters=134_515_008, n_ctx=2048, n_threads=2, gpu_layers=0, llama_cpp="0.3.36", machine="test",
    slmtui="0.1.0",
)  # fmt: skip
CHOICES = (
    ModelChoice("smollm2", "135M · Q4_1 · 98 MB · embedded", "/models/smollm2.gguf", FACTS.model, "Q4_1"),
    ModelChoice("broken", "", "/models/broken.gguf", problem="/models/broken.gguf ends in the middle"),
    ModelChoice("qwen3-0.6b", "596M · Q8_0 · 639 MB · Ollama", "/models/qwen3.gguf", "Qwen3", "Q8_0"),
)
STARTED_AT = "2026-01-02T03:04:05.000+00:00"


class Script:
    """Writes the events of one turn; every method moves the time on."""

    def __init__(self, request: TurnRequest, turn: str, *, warm: bool = True) -> None:
        self.t = 0.0
        self.answer = ""
        self.events: list[ev.Event] = [
            ev.TurnStarted(
                0.0, turn, request.session, request.paradigm, request.prompt, STARTED_AT, request.sampling,
                FACTS, warm,
            )
        ]  # fmt: skip
        self._turn = turn
        self._serial = 0

    def agent(self, name: str, task: str) -> "Script":
        self.events.append(ev.AgentStarted(self.t, name, task))
        return self

    def call(
        self, agent: str, parts: list[tuple[Purpose, str]], *, prompt: int = 120, reused: int = 80,
        finish: ev.FinishReason = "stop", error: str = "", read: tuple[int, ...] = (),
    ) -> "Script":  # fmt: skip
        """One call that writes `parts`, a token a word, 0.03 s each after 0.2 s of prefill.

        With `read` the prefill is a long one: so many of its tokens are read every half second.
        """
        self._serial += 1
        call, purpose = f"{self._turn}-c{self._serial}", parts[-1][0]
        messages = (Message("user", "…", "user"),)
        self.events.append(ev.CallStarted(self.t, call, agent, purpose, messages, False, 256))
        began = self.t
        for done in read or (prompt // 2,):
            self.events.append(ev.PrefillProgress(self.t + 0.1, call, done, prompt))
            self.t += 0.5 if read else 0.2
        tokens = 0
        for each, text in parts:
            for token in re.findall(r"\S+\s*|\s+", text):
                self.t = round(self.t + 0.03, 3)
                tokens += 1
                self.events.append(ev.TextDelta(self.t, call, agent, each, token, (self.t,)))
            if each == "answer":
                self.answer = text
        self.events.append(
            ev.CallFinished(
                self.t, call, agent, purpose, finish, prompt, reused, prompt - reused, 0, tokens,
                (ev.OriginTokens("history", reused, 0), ev.OriginTokens("user", 0, prompt - reused)),
                0.0, 0.001, 0.2, 0.23, self.t - began - 0.23, 0.01, 0.0, prompt + tokens, FACTS.n_ctx,
                (prompt + tokens) * 23_040, error,
            )
        )  # fmt: skip
        return self

    def tool(
        self, agent: str, name: str, arguments: dict[str, object], result: str,
        status: ev.ToolStatus = "ok", seconds: float = 0.012,
    ) -> "Script":  # fmt: skip
        self._serial += 1
        ident = f"{self._turn}-t{self._serial}"
        self.events.append(ev.ToolStarted(self.t, ident, agent, name, arguments))
        self.t = round(self.t + seconds, 3)
        self.events.append(ev.ToolFinished(self.t, ident, agent, name, result, status, seconds))
        return self

    def hand_off(self, source: str, target: str, task: str) -> "Script":
        self.events.append(ev.HandOff(self.t, source, target, task))
        return self

    def add(self, event: ev.Event) -> "Script":
        self.events.append(replace(event, t=self.t))
        return self

    def meter(
        self, rss: int = 412_000_000, joules: float | None = 1.5, source: ev.EnergySource = "modelled"
    ) -> "Script":
        scope = "machine, 5 W idle to 25 W busy"
        reading = ev.MeterRead(
            self.t,
            rss,
            rss + 8_000_000,
            self.t * 1.9,
            joules,
            source,
            scope,
            5.0,
            rss - 98_000_000,
            98_000_000,
        )
        self.events.append(reading)
        return self

    def end(self, status: ev.Status = "ok", reason: str = "") -> list[ev.Event]:
        self.events.append(ev.TurnFinished(self.t, status, self.answer.strip(), reason))
        return self.events


def base_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    text = (
        "A **small** model has few parameters:\n\n- it fits in memory,\n- it answers fast.\n\nTry `347 * 29`."
    )
    return Script(request, turn).call("base", [("answer", text)]).meter().end()


def single_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn).agent("agent", request.prompt)
    script.call(
        "agent", [("call", '{"tool": "calculator", "arguments": {"expression": "347 * 29"}}')], prompt=420
    )
    script.tool("agent", "calculator", {"expression": "347 * 29"}, "10063").meter(joules=2.0)
    return (
        script.call("agent", [("answer", "347 × 29 is **10063**.")], prompt=470, reused=440)
        .meter(joules=4.1)
        .end()
    )


def multi_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    task = "Work out 347 * 29"
    script = Script(request, turn).agent("supervisor", request.prompt)
    script.call(
        "supervisor", [("route", '{"agent": "math", '), ("handoff", f'"task": "{task}"}}')], prompt=380
    )
    script.hand_off("supervisor", "math", task).agent("math", task)
    script.call(
        "math", [("call", '{"tool": "calculator", "arguments": {"expression": "347 * 29"}}')], prompt=300
    )
    script.tool("math", "calculator", {"expression": "347 * 29"}, "10063").meter(joules=3.0)
    script.call("math", [("handoff", "The result is 10063.")], prompt=350, reused=310)
    script.hand_off("math", "supervisor", "The result is 10063.")
    return (
        script.call("supervisor", [("answer", "It is **10063**.")], prompt=440, reused=380)
        .meter(joules=7.9)
        .end()
    )


def turn_events(request: TurnRequest, turn: str) -> list[ev.Event]:
    """The usual answer of each paradigm."""
    return {"base": base_turn, "single": single_turn, "multi": multi_turn}[request.paradigm](request, turn)


class ScriptedBackend:
    """Implements `slmtui.backend.Backend`. `pace` is seconds between events, 0 for as fast as it goes.

    With `hold` set to a number, a turn waits after that many events until `go` is set or it is stopped.
    With `load`, every loading waits for it. `calls` tells what was asked of it, in order; `kept` is how
    many tokens it has of a session; `wrong` is what is wrong with a model; `die` ends the engine.
    """

    def __init__(
        self,
        script: Callable[[TurnRequest, str], list[ev.Event]] = turn_events,
        *,
        pace: float = 0.0,
        hold: int | None = None,
        problem: str = "",
        load: asyncio.Event | None = None,
    ) -> None:
        self._script = script
        self._pace = pace
        self._hold = hold
        self.problem = problem
        self._load = load
        self._turns = 0
        self._facts: ev.EngineFacts | None = None
        self._model = FACTS.model
        self.calls: list[tuple[str, ...]] = []
        self.kept: dict[str, int] = {}
        self.wrong: dict[str, str] = {}
        self.go = asyncio.Event()
        self.requests: list[TurnRequest] = []
        self.closed = False
        self.roles: dict[Role, str] = {}

    @property
    def facts(self) -> ev.EngineFacts | None:
        return self._facts

    @property
    def models(self) -> tuple[ModelInUse, ...]:
        roles = (ModelInUse(role, Path(path).stem, path, 7_000_000) for role, path in self.roles.items())
        return (ModelInUse("main", Path(self._model).stem, self._model, 98_000_000), *roles)

    async def give_role(self, role: Role, model: str | None) -> None:
        self.calls.append(("give_role", role, model or "-"))
        if model is not None and model in self.wrong:
            raise BackendError(self.wrong[model])
        self.roles.pop(role, None)
        if model is not None:
            self.roles[role] = model

    async def start(self, progress: Callable[[float], None]) -> None:
        self.calls.append(("start", self._model))
        await self._come(self._model, self.problem, progress)

    async def _come(self, model: str, problem: str, progress: Callable[[float], None]) -> None:
        progress(0.45)
        if self._load is not None:
            await self._load.wait()
        if problem:
            raise BackendError(problem)
        self._facts = replace(FACTS, model=model)

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[ev.Event, None]:
        self.requests.append(request)
        self.calls.append(("run", request.prompt))
        self._turns += 1
        written, t = "", 0.0
        for index, event in enumerate(self._script(request, f"turn-{request.session}-{self._turns}")):
            if index == self._hold:
                await _first(self.go, stop)
            if stop.is_set():
                yield ev.TurnFinished(t, "cancelled", written.strip(), "stopped by the user")
                return
            await asyncio.sleep(self._pace)
            t = event.t
            if isinstance(event, ev.TextDelta) and event.purpose == "answer":
                written += event.text
            yield event
            if isinstance(event, ev.ApprovalAsked):
                tool = Tool(event.name, "", {}, (), str, effect="writes")
                decision = await request.approver.ask(tool, event.arguments)
                yield ev.ApprovalGiven(t, event.tool_call, event.agent, event.name, decision)

    def count_tokens(self, text: str) -> TokenCount:
        return TokenCount(len(text.split()), exact=False)

    async def switch(self, model: str, progress: Callable[[float], None]) -> None:
        self.calls.append(("switch", model))
        self._facts = None
        await self._come(model, self.wrong.get(model, ""), progress)
        self._model = model

    async def unload(self) -> None:
        self.calls.append(("unload",))
        self._facts = None

    async def suspend(self, session: str, history: tuple[Message, ...]) -> None:
        self.calls.append(("suspend", session, *(message.content for message in history)))

    async def resume(self, session: str) -> int:
        self.calls.append(("resume", session))
        return self.kept.get(session, 0)

    def die(self) -> None:
        self._facts = None

    async def close(self) -> None:
        self.calls.append(("close",))
        self.closed = True


async def _first(*flags: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(flag.wait()) for flag in flags]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
