"""Turns as OpenTelemetry spans, for whoever keeps traces. Only `sdk.py` needs OpenTelemetry itself."""
