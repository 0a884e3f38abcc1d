import base64
import json
import socket
import subprocess
import sys
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from hypothesis import given
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agents.events import Event
from sessions.otel.errors import NotTakenError
from sessions.otel.sdk import IDS, Endpoint, address_of, otlp_json
from sessions.otel.span import Span
from sessions.otel.spans import spans_of
from sessions.tally import records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.otel.collector import collecting
from tests.sessions.scripted import turn_id, whole_turn
from tests.strategies import HOSTILE_TEXTS

VERSION = "1.2.3"


def spans(events: list[Event]) -> list[Span]:
    return spans_of(records_of(events), events, content=True)


def as_protobuf(line: str) -> ExportTraceServiceRequest:
    """Read a line as a collector does: OTLP/JSON is protobuf's JSON, but for ids in hexadecimal."""
    message = json.loads(line)
    for span in message["resourceSpans"][0]["scopeSpans"][0]["spans"]:
        for name in IDS:
            if name in span:
                span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    return ParseDict(message, ExportTraceServiceRequest())


@given(ladder_turns(texts=HOSTILE_TEXTS))
def test_a_line_of_otlp_json_holds_every_span_whole(events: list[Event]) -> None:
    made = spans(events)
    line = otlp_json(made, VERSION)
    assert "\n" not in line
    (resource,) = as_protobuf(line).resource_spans
    (scope,) = resource.scope_spans
    assert (scope.scope.name, scope.scope.version) == ("slmtui", VERSION)
    assert {a.key: a.value.string_value for a in resource.resource.attributes} == {
        "service.name": "slmtui",
        "service.version": VERSION,
    }
    assert len(scope.spans) == len(made)
    for read, span in zip(scope.spans, made, strict=True):
        assert (read.name, read.start_time_unix_nano, read.end_time_unix_nano) == (
            span.name, span.start_ns, span.end_ns,
        )  # fmt: skip
        assert int.from_bytes(read.trace_id) == span.trace
        assert int.from_bytes(read.span_id) == span.id
        assert read.parent_span_id == (b"" if span.parent is None else span.parent.to_bytes(8))
        assert (read.status.code, read.status.message) == ((2, span.reason) if span.failed else (0, ""))
        assert read.kind == (3 if span.remote else 1)
        assert {a.key: value_of(a.value) for a in read.attributes} == span.attributes
        assert [(event.name, event.time_unix_nano) for event in read.events] == [
            (event.name, event.at_ns) for event in span.events
        ]


def value_of(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(each.string_value for each in value.array_value.values)
    return getattr(value, kind)


def test_a_line_is_what_the_receiver_of_files_wants() -> None:
    line = json.loads(otlp_json(spans(whole_turn(turn_id(1), "S")), VERSION))
    assert list(line) == ["resourceSpans"]
    span = line["resourceSpans"][0]["scopeSpans"][0]["spans"][1]
    assert (len(span["traceId"]), len(span["spanId"]), len(span["parentSpanId"])) == (32, 16, 16)
    assert isinstance(span["kind"], int)
    assert isinstance(span["startTimeUnixNano"], str)  # numbers of 64 bits are text in OTLP/JSON


def test_an_endpoint_gets_the_same_as_a_file() -> None:
    turns = [spans(whole_turn(turn_id(number), "S", answer=("\x00\ud800",))) for number in (1, 2)]
    with collecting() as collector:
        endpoint = Endpoint(collector.address, VERSION)
        for turn in turns:
            endpoint.send(turn)
        endpoint.close()
    assert [(path, kind) for path, kind, _ in collector.taken] == [
        ("/v1/traces", "application/x-protobuf")
    ] * 2
    assert [request for _, _, request in collector.taken] == [
        as_protobuf(otlp_json(turn, VERSION)) for turn in turns
    ]


def test_an_endpoint_that_refuses_is_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    words = r"/v1/traces did not take the spans \(.*403"
    with collecting(status=403) as collector, pytest.raises(NotTakenError, match=words) as refused:
        Endpoint(collector.address, VERSION).send(spans(whole_turn(turn_id(1), "S")))
    assert "\n" not in str(refused.value)
    assert caplog.records == []


def test_an_endpoint_where_nobody_listens_is_told_in_a_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        endpoint = Endpoint(f"http://127.0.0.1:{port}/x", VERSION, timeout_s=1.5)
        with pytest.raises(NotTakenError, match=r"/x did not take the spans \(Connection refused\)\. Name"):
            endpoint.send(spans(whole_turn(turn_id(1), "S")))


def test_an_address_without_a_path_means_the_usual_one() -> None:
    assert address_of("http://localhost:4318") == "http://localhost:4318/v1/traces"
    assert address_of("https://x.example/") == "https://x.example/v1/traces"
    assert address_of("https://x.example/otlp/v1/traces?a=b") == "https://x.example/otlp/v1/traces?a=b"


WITHOUT = """
import sys
sys.modules["opentelemetry.sdk.trace"] = None
import sessions.otel.spans
try:
    import sessions.otel.sdk
except Exception as error:
    print(type(error).__name__, error)
"""


def test_without_the_extra_the_error_names_it_and_spans_need_none_of_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "NoOpenTelemetryError OpenTelemetry is not installed: `pip install 'slmtui[otel]'` adds it."
    )
    probe = "import sys, sessions.otel.spans; print(any(m.startswith('opentelemetry') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
