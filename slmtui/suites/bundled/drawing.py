"""Where everything that is drawn comes from: draws that are the same every time."""

import random


def seeded(seed: str | int) -> random.Random:
    """Return a source of draws; equal seeds give equal draws, on every machine."""
    return random.Random(seed)  # noqa: S311 - drawn to be drawn again, not to be secret
