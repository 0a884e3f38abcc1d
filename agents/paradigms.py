"""The paradigms, registered once: the app's switcher, the command line and the suites list them from here."""

from dataclasses import dataclass

from agents.base import base
from agents.multi import multi
from agents.single import single
from agents.turn import Paradigm


@dataclass(frozen=True, slots=True)
class ParadigmInfo:
    """A paradigm: its name, the word on its switch, what it does, and the generator that does it."""

    name: str
    title: str
    description: str
    run: Paradigm


PARADIGMS: dict[str, ParadigmInfo] = {
    info.name: info
    for info in (
        ParadigmInfo("base", "Base", "The model alone: the conversation, one call.", base),
        ParadigmInfo("single", "Agent", "One agent that thinks, calls tools and observes.", single),
        ParadigmInfo("multi", "Multi", "A supervisor picks one specialist and judges its result.", multi),
    )
}
