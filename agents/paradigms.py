"""The arms, registered once: the app's switcher, the command line and the suites list them from here.

Three are the paradigms; the others are controls, which differ from them in as little as possible.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.base import base
from agents.controls.cascade import cascade
from agents.controls.structured import structured
from agents.controls.teams import multi_flat, multi_union, oracle
from agents.controls.vote import vote
from agents.factors import OF_EVERY_ARM, OF_JUDGES, OF_TOOLS, factors_of
from agents.helps import Helps
from agents.multi import multi
from agents.single import single
from agents.turn import Paradigm

_AGENT = (*OF_EVERY_ARM, *OF_TOOLS)
_TEAM = (*OF_EVERY_ARM, *OF_TOOLS, *OF_JUDGES)
_TEAM_FACTORS = {
    "tools": "by specialist",
    "roles": "supervisor and specialists",
    "routing": "by the model (one token {route_token})",
    "conversation": "one for each agent",
}


@dataclass(frozen=True, slots=True)
class ParadigmInfo:
    """An arm: its name, the word on its switch, what it does, and the generator that does it.

    `factors` are what it sets apart from base, `uses` the switches that act in it and `fixed` those that
    it sets itself. A `control` is no paradigm; one that is not for `chat` needs a suite to tell it things.
    """

    name: str
    title: str
    description: str
    run: Paradigm
    factors: Mapping[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = OF_EVERY_ARM
    fixed: Mapping[str, str] = field(default_factory=dict)
    control: bool = False
    chat: bool = True

    @property
    def is_team(self) -> bool:
        """Whether it has a supervisor and specialists, which may have models of their own."""
        return "roles" in self.factors

    def factors_with(self, helps: Helps) -> dict[str, str]:
        """Return every factor of the arm under these switches."""
        return factors_of(self.factors, self.uses, helps, self.fixed)


_ARMS = (
    ParadigmInfo(
        name="base",
        title="Base",
        description="The model alone: the conversation, one call.",
        run=base,
    ),
    ParadigmInfo(
        name="single",
        title="Agent",
        description="One agent that thinks, calls tools and observes.",
        run=single,
        factors={"tools": "all"},
        uses=_AGENT,
    ),
    ParadigmInfo(
        name="multi",
        title="Multi",
        description="A supervisor picks one specialist and judges its result.",
        run=multi,
        factors=_TEAM_FACTORS,
        uses=_TEAM,
    ),
    ParadigmInfo(
        name="structured",
        title="Structured",
        description="Base with the agent's prompt and thinking, without tools.",
        run=structured,
        fixed={"structured": "on", "think": "on"},
        control=True,
    ),
    ParadigmInfo(
        name="vote",
        title="Vote",
        description="Base, several samples within one budget of tokens; most agree.",
        run=vote,
        factors={"samples": "{votes}, majority"},
        control=True,
    ),
    ParadigmInfo(
        name="multi-union",
        title="Union",
        description="Multi, but every specialist has every tool.",
        run=multi_union,
        factors={**_TEAM_FACTORS, "tools": "all"},
        uses=_TEAM,
        control=True,
    ),
    ParadigmInfo(
        name="multi-flat",
        title="Flat",
        description="Multi, but all roles share one conversation.",
        run=multi_flat,
        factors={**_TEAM_FACTORS, "conversation": "one"},
        uses=_TEAM,
        control=True,
    ),
    ParadigmInfo(
        name="oracle",
        title="Oracle",
        description="Multi, but the right specialist is given (for suites that know it).",
        run=oracle,
        factors={**_TEAM_FACTORS, "routing": "given"},
        uses=_TEAM,
        control=True,
        chat=False,
    ),
    ParadigmInfo(
        name="cascade",
        title="Cascade",
        description="Base first, and the agent only where base is unsure.",
        run=cascade,
        factors={"tools": "all", "escalation": "from base, below {unsure} nats a token"},
        uses=_AGENT,
        control=True,
    ),
)

PARADIGMS: dict[str, ParadigmInfo] = {info.name: info for info in _ARMS}
