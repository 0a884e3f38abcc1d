"""The energy of a turn as its meter told it: what read it, and how it rose."""

from agents.events import EnergySource
from sessions.attributing.facts import Facts
from sessions.attributing.sharing import EnergyCurve, energy_curve, nanos


def energy_of(facts: Facts, wall: int) -> tuple[EnergySource, str, EnergyCurve]:
    """Return the source and scope of the last reading, and the curve in a turn of `wall` ns of all of it."""
    last = facts.readings[-1] if facts.readings else None
    if last is None or last.source == "none" or last.joules is None:
        return "none", "", EnergyCurve()
    readings = [
        (nanos(reading.t), nanos(reading.joules))
        for reading in facts.readings
        if reading.source == last.source and reading.joules is not None
    ]
    return last.source, last.scope, energy_curve(readings, wall)
