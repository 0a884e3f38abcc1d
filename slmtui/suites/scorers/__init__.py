"""Is an answer right? One scorer for each kind of right answer, a family a file."""

from slmtui.suites.scorers.refusal import refused
from slmtui.suites.scorers.score import score

__all__ = ["refused", "score"]
