"""The multi-agent paradigm of arXiv 2604.19299: a supervisor, one specialist, and the supervisor again.

The supervisor has no tools: it picks exactly one specialist and gives it the task. The specialist
runs its own loop with its own tools and reports. The supervisor judges the report and answers.
"""

from collections.abc import AsyncGenerator

from agents.events import Event
from agents.fallback import or_base
from agents.model import Model
from agents.team import Team
from agents.turn import Turn
from tools.registry import Toolbox


async def multi(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Route the prompt to one specialist, let it work, and answer from its report."""
    async for event in or_base(turn, model, tools, "supervisor", Team(turn, model, tools)):
        yield event
