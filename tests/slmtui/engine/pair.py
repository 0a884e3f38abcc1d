"""Two engines of one model: what reuses its cache must answer as what never does."""

from dataclasses import dataclass

import pytest

from agents.message import Message
from agents.model import Request
from slmtui.engine.client import Engine
from tests.slmtui.engine.conftest import Heard, hear, request

CLOSE = 1e-2


def asked(*messages: Message, grammar: str | None = None, cold: bool = False) -> Request:
    return request(*messages, max_tokens=12, logprobs=True, grammar=grammar, cold=cold)


@dataclass
class Pair:
    """An engine with a history, and one that is only ever asked cold."""

    used: Engine
    fresh: Engine

    async def same(self, *messages: Message, grammar: str | None = None) -> Heard:
        """Return the first one's answer, which must be what the second one answers."""
        heard = await hear(self.used, asked(*messages, grammar=grammar))
        await self.check(heard, *messages, grammar=grammar)
        return heard

    async def check(self, heard: Heard, *messages: Message, grammar: str | None = None) -> None:
        lone = await hear(self.fresh, asked(*messages, grammar=grammar, cold=True))
        assert lone.finished.reused_tokens == 0
        assert heard.text == lone.text
        assert heard.logprobs == pytest.approx(lone.logprobs, abs=CLOSE)
        assert heard.finished.prompt_tokens == lone.finished.prompt_tokens
