"""The tools of stored turns of suites that run again: those that their items had."""

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from slmtui.suites.boxes import Boxes
from slmtui.suites.plan_suites import worlds_of
from slmtui.whatif_plan import Plan
from tools.registry import Toolbox


class ItemBoxes:
    """The tools of stored items, gathered when first asked for. Leaving it ends what they started."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._boxes: dict[str, Boxes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def box_of(self, again: Plan) -> Toolbox | None:
        """Return the tools that a turn's item brings, or those of its suite's world; None without either.

        Raises as gathering tools does, and `SuiteError` where a suite cannot be had any more.
        """
        attempt, settings = again.was.attempt, again.settings
        if attempt is None:
            return None
        item, plan = attempt.item, attempt.plan
        if not item.offered and item.data_set not in plan.worlds:
            return None
        key = f"{plan.worlds} {plan.split} {plan.seed} {settings.tools} {settings.notes}"
        if key not in self._boxes:
            home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="slmtui-"))
            boxes = Boxes(settings, worlds_of(plan), Path(home))
            self._boxes[key] = self._stack.enter_context(closing(boxes))
        return self._boxes[key].box(item)
