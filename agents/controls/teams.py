"""The controls of the multi-agent paradigm: one difference each."""

from collections.abc import AsyncGenerator

from agents.events import Event
from agents.fallback import or_base
from agents.model import Model, ModelError
from agents.router import SUPERVISOR
from agents.team import Team
from agents.turn import Turn
from tools.registry import Toolbox


async def multi_union(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Run the team with every tool for every specialist."""
    async for event in or_base(turn, model, tools, SUPERVISOR, Team(turn, model, tools, union=True)):
        yield event


async def multi_flat(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Run the team with all its roles in one conversation."""
    async for event in or_base(turn, model, tools, SUPERVISOR, Team(turn, model, tools, flat=True)):
        yield event


async def oracle(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Run the team with the right specialist given: what a perfect router would reach.

    Raises `ModelError` where the turn does not know which tool is right.
    """
    if not turn.oracle:
        raise ModelError(UNTOLD)
    async for event in or_base(turn, model, tools, SUPERVISOR, Team(turn, model, tools, told=True)):
        yield event


UNTOLD = (
    "The oracle arm must be told which tool is right, and only a suite of tasks knows that: "
    "choose another paradigm."
)
