"""A turn as spans: the turn, in it its agents, in each of these its calls of the model and of tools."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from agents.events import CallStarted, Event, HandOff, LimitReached, RungTaken, ToolFinished, ToolStarted
from sessions.otel import attributes as told
from sessions.otel import names as n
from sessions.otel.energy import Energies, energies_of
from sessions.otel.ids import span_id, trace_id
from sessions.otel.said import input_messages, output_message, user_message
from sessions.otel.span import Attributes, Span, SpanEvent
from sessions.otel.stints import Stint, roles, stints
from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords
from sessions.text import storable

S = 1_000_000_000


def spans_of(records: TurnRecords, events: Sequence[Event], *, content: bool = False) -> list[Span]:
    """Return the spans of a turn, each after those that it lies in.

    What was said, the arguments and results of tools among it, is written only with `content`. A span that
    never ended ends with the turn.
    """
    return [_whole(span) for span in _Turn(records, events, content).spans()]


@dataclass(slots=True)
class _Turn:
    records: TurnRecords
    events: Sequence[Event]
    content: bool
    _roles: Mapping[str, str] = field(init=False)
    _started: Mapping[str, CallStarted] = field(init=False)
    _ran: Mapping[str, list[float]] = field(init=False)
    _energies: Energies = field(init=False)
    _began_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self._roles = roles(self.events)
        self._started = {each.call: each for each in self.events if isinstance(each, CallStarted)}
        self._ran = _ran(self.events)
        self._energies = energies_of(self.turn, self.events)
        self._began_ns = _moment(self.turn.started_at)

    @property
    def turn(self) -> TurnRecord:
        return self.records.turn

    def spans(self) -> list[Span]:
        """Return the spans; what lies in another ends no later than it."""
        worked = stints(self.events)
        of_calls = {ident: stint for stint in worked for ident in stint.calls}
        calls = [self._call(call, of_calls.get(call.call)) for call in self.records.calls]
        calls += [self._tool(call, of_calls.get(call.tool_call)) for call in self.records.tool_calls]
        agents = [_around(self._agent(stint), calls) for stint in worked]
        return [_around(self._workflow(), [*agents, *calls]), *agents, *calls]

    def _workflow(self) -> Span:
        turn, said = self.turn, Attributes()
        if self.content:
            ended = "stop" if turn.status == "ok" else n.ENDED_BADLY
            said = {n.INPUT: user_message(turn.prompt), n.OUTPUT: output_message(turn.answer, ended)}
        return self._span(
            f"{n.INVOKE_WORKFLOW} {turn.paradigm}",
            self._id(),
            None,
            (0.0, turn.wall_s),
            told.of_turn(turn) | self._energies.of_turn() | said,
            events=tuple(self._happened()),
            reason=turn.reason,
        )

    def _agent(self, stint: Stint) -> Span:
        return self._span(
            f"{n.INVOKE_AGENT} {stint.agent}",
            self._id(stint),
            self._id(),
            (stint.start, stint.start),
            told.of_agent(self.turn, stint.agent, self._role(stint.agent)),
        )

    def _call(self, call: CallRecord, stint: Stint | None) -> Span:
        started = self._started.get(call.call)
        attributes = told.of_call(
            self.turn,
            call,
            self._role(call.agent),
            max_tokens=started.max_tokens if started else None,
            greedy=started.greedy if started else False,
        )
        attributes |= self._energies.of_call(call.call)
        if self.content:
            told_it = (started.messages, started.beginning) if started else ((), "")
            attributes[n.INPUT] = input_messages(*told_it)
            attributes[n.OUTPUT] = output_message(call.text, told.finish_reason(call))
        end = call.started_s + call.wall_s if call.finish_reason else self.turn.wall_s
        name = f"{n.CHAT} {call.agent_model or self.turn.model}"
        place = span_id(self.turn.turn, "call", call.call), self._id(stint), (call.started_s, end)
        return self._span(name, *place, attributes, remote=True, reason=call.error)

    def _tool(self, call: ToolCallRecord, stint: Stint | None) -> Span:
        attributes = told.of_tool(self.turn, call, self._role(call.agent))
        attributes |= self._energies.of_tool(call.tool_call)
        if self.content:
            attributes |= {n.ARGUMENTS: call.arguments, n.RESULT: call.result}
        # Not from the record: there a call begins with the question whether it may be made.
        moments = self._ran.get(call.tool_call, [call.started_s])
        end = moments[-1] if call.status else self.turn.wall_s
        place = span_id(self.turn.turn, "tool", call.tool_call), self._id(stint), (moments[0], end)
        return self._span(f"{n.EXECUTE_TOOL} {call.name}", *place, attributes)

    def _span(
        self,
        name: str,
        ident: int,
        parent: int | None,
        seconds: tuple[float, float],
        attributes: Attributes,
        *,
        events: tuple[SpanEvent, ...] = (),
        remote: bool = False,
        reason: str = "",
    ) -> Span:
        start, end = map(self._at, seconds)
        failed = n.ERROR_TYPE in attributes
        trace = trace_id(self.turn.turn)
        return Span(
            name, trace, ident, parent, start, max(start, end), attributes, events, remote, failed, reason
        )

    def _id(self, stint: Stint | None = None) -> int:
        """Return the id of an agent's span, or of the turn's where a call is nobody's."""
        if stint is None:
            return span_id(self.turn.turn)
        return span_id(self.turn.turn, "agent", stint.agent, str(stint.number))

    def _role(self, agent: str) -> str:
        return self._roles.get(agent, "agent")

    def _at(self, t: float) -> int:
        return self._began_ns + (round(max(t, 0.0) * S) if math.isfinite(t) else 0)

    def _happened(self) -> Iterable[SpanEvent]:
        for event in self.events:
            match event:
                case HandOff():
                    ends: Attributes = {n.SOURCE: event.source, n.TARGET: event.target}
                    yield SpanEvent(n.HAND_OFF, self._at(event.t), ends)
                case RungTaken():
                    yield SpanEvent(
                        n.RUNG, self._at(event.t), {n.RUNG_TAKEN: event.rung, n.AGENT: event.agent}
                    )
                case LimitReached():
                    reached: Attributes = {n.LIMIT_REACHED: event.limit, n.AGENT: event.agent}
                    yield SpanEvent(n.LIMIT, self._at(event.t), reached)
                case _:
                    pass


def _ran(events: Iterable[Event]) -> dict[str, list[float]]:
    """Return when each tool was started, and when it answered if it did."""
    found: dict[str, list[float]] = {}
    for event in events:
        if isinstance(event, ToolStarted | ToolFinished):
            found.setdefault(event.tool_call, []).append(event.t)
    return found


def _moment(stamp: str) -> int:
    """Return a moment in ISO 8601 as nanoseconds since 1970; 0 for what is none."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return 0
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000


def _around(span: Span, others: Iterable[Span]) -> Span:
    """Return a span that ends no sooner than what lies in it."""
    ends = [other.end_ns for other in others if other.parent == span.id]
    return replace(span, end_ns=max([span.end_ns, *ends]))


def _whole(span: Span) -> Span:
    """Return a span whose texts every reader gets whole."""
    return replace(
        span,
        name=storable(span.name),
        reason=storable(span.reason),
        attributes=_storable(span.attributes),
        events=tuple(replace(event, attributes=_storable(event.attributes)) for event in span.events),
    )


def _storable(attributes: Attributes) -> Attributes:
    pairs = attributes.items()
    return {storable(name): storable(value) if isinstance(value, str) else value for name, value in pairs}
