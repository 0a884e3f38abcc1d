"""What can go wrong with an export of traces. The text says what to do."""

from sessions.errors import SessionsError


class NoOpenTelemetryError(SessionsError):
    """The optional part is not installed."""

    def __init__(self) -> None:
        super().__init__("OpenTelemetry is not installed: `pip install 'slmtui[otel]'` adds it.")


class NotTakenError(SessionsError):
    """An endpoint did not take the spans."""

    def __init__(self, endpoint: str, reason: str) -> None:
        why = f" ({reason})" if reason else ""
        super().__init__(
            f"{endpoint} did not take the spans{why}. Name the OTLP/HTTP endpoint of a collector that runs."
        )
