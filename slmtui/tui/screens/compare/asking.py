"""A tool that writes asks the user, one question after another, over the comparison."""

from slmtui.tui.screens.asking import Asking
from slmtui.tui.screens.compare.running import CompareRunning


class CompareAsking(Asking, CompareRunning):
    """Questions of the arms that run."""

    PLACE = "the comparison"
