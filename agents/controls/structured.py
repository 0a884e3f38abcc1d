"""The control `structured`: the agent's prompt and its thinking, without tools."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from agents.base import base
from agents.events import Event
from agents.model import Model
from agents.turn import Turn
from tools.registry import Toolbox


async def structured(turn: Turn, model: Model, tools: Toolbox) -> AsyncGenerator[Event, None]:
    """Answer as base does, after thinking, under a prompt that tells the steps."""
    helped = replace(turn, helps=replace(turn.helps, structured=True, think=True))
    async for event in base(helped, model, tools):
        yield event
