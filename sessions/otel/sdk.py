"""Spans handed to OpenTelemetry: as lines of OTLP/JSON, or to an endpoint over OTLP/HTTP.

OpenTelemetry is an optional part, so this module is imported when a trace is wanted. Where it is missing,
that raises `NoOpenTelemetryError`.
"""

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sessions.otel import names as n
from sessions.otel.errors import NoOpenTelemetryError, NotTakenError
from sessions.otel.span import Span

try:
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExportResult
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
except ImportError as error:
    raise NoOpenTelemetryError from error

TRACES = "/v1/traces"
TIMEOUT_S = 10.0
IDS = ("traceId", "spanId", "parentSpanId")


def otlp_json(spans: Sequence[Span], version: str) -> str:
    """Return spans as one line of OTLP/JSON, as a collector's `otlpjsonfile` receiver reads it.

    `version` is that of slmtui. Ids are hexadecimal, and kinds numbers, as OTLP/JSON wants them.
    """
    message = MessageToDict(encode_spans(_readable(spans, version)), use_integers_for_enums=True)
    return json.dumps(_with_hex_ids(message), separators=(",", ":"))


class Endpoint:
    """An OTLP/HTTP endpoint. An address without a path means the usual one for traces."""

    def __init__(self, address: str, version: str, timeout_s: float = TIMEOUT_S) -> None:
        self.address = address_of(address)
        self._version = version
        self._exporter = OTLPSpanExporter(endpoint=self.address, timeout=timeout_s)

    def send(self, spans: Sequence[Span]) -> None:
        """Send spans in one request, tried again for a while. Raises `NotTakenError`."""
        with _complaints() as told:
            result = self._exporter.export(_readable(spans, self._version))
        if result is not SpanExportResult.SUCCESS:
            raise NotTakenError(self.address, _reason(told))

    def close(self) -> None:
        """Close the connection."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


def address_of(address: str) -> str:
    """Return an endpoint's address, with the usual path for traces where it has none."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=TRACES)) if parts.path in ("", "/") else address


def _readable(spans: Iterable[Span], version: str) -> list[ReadableSpan]:
    # Not `Resource.create`: it would tell of this process, which is not the one that was traced.
    resource = Resource({n.SERVICE: n.SCOPE, n.SERVICE_VERSION: version})
    scope = InstrumentationScope(n.SCOPE, version)
    return [_readable_span(span, resource, scope) for span in spans]


def _readable_span(span: Span, resource: Resource, scope: InstrumentationScope) -> ReadableSpan:
    return ReadableSpan(
        span.name,
        context=_context(span.trace, span.id),
        parent=None if span.parent is None else _context(span.trace, span.parent),
        resource=resource,
        attributes=span.attributes,
        events=[Event(event.name, event.attributes, event.at_ns) for event in span.events],
        kind=SpanKind.CLIENT if span.remote else SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR, span.reason) if span.failed else Status(StatusCode.UNSET),
        start_time=span.start_ns,
        end_time=span.end_ns,
        instrumentation_scope=scope,
    )


def _context(trace: int, span: int) -> SpanContext:
    return SpanContext(trace, span, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _with_hex_ids(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message whose ids, which protobuf's JSON has in base 64, are hexadecimal."""
    for resource in message["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                span |= {name: base64.b64decode(span[name]).hex() for name in IDS if name in span}
    return message


def _reason(told: Sequence[str]) -> str:
    """Return why the exporter failed, of all that it said: what the system said, or else its last words."""
    found = re.findall(r"\[Errno -?\d+\] ([^\"')]+)", " ".join(told))
    return found[-1] if found else told[-1] if told else ""


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the exporter says to its log, which is all that it tells of an error."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("opentelemetry.exporter")
    propagated, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield told
    finally:
        log.removeHandler(handler)
        log.propagate = propagated
