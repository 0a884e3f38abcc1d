"""What can go wrong in reaching an engine."""


class EngineError(Exception):
    """The engine cannot start; the text says why, for the user."""


class TurnedAwayError(Exception):
    """The engine that was met is none to use: there is another one, or there is none now."""
