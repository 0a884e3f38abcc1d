from tests.slmtui.tui.conftest import store

__all__ = ["store"]
