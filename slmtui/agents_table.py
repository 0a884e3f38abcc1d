"""The settings of agents: the switches of help, limits of each agent, and models for roles."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from agents.budget import Limits
from agents.helps import MEANING, Helps, ToolList

Count = Annotated[int, Field(ge=0, le=64)]


class Table(BaseModel):
    """A table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _switch(name: str, ge: float | None = None, le: float | None = None) -> Any:
    """Return the field of a switch: its default and meaning are those of `Helps`."""
    return Field(default=getattr(Helps(), name), description=MEANING[name], ge=ge, le=le)


class HelpsTable(Table):
    """The switches of help for small models; `slmtui ask --switch` sets them for one question."""

    examples: Count = _switch("examples")
    similar: bool = _switch("similar")
    tool_list: ToolList = _switch("tool_list")
    shortlist: Count = _switch("shortlist")
    fitting: bool = _switch("fitting")
    calibrated: bool = _switch("calibrated")
    constrained: bool = _switch("constrained")
    grammar: bool = _switch("grammar")
    forced: bool = _switch("forced")
    repair: bool = _switch("repair")
    reask: bool = _switch("reask")
    quoted: bool = _switch("quoted")
    route_token: bool = _switch("route_token")
    sure: float = _switch("sure", ge=0, le=1)
    structured: bool = _switch("structured")
    format_hint: bool = _switch("format_hint")
    think: bool = _switch("think")
    fallback: bool = _switch("fallback")
    votes: int = _switch("votes", ge=1, le=64)
    unsure: float = _switch("unsure", ge=-100, le=0)

    def helps(self) -> Helps:
        """Return the switches as a turn takes them."""
        return Helps(**self.model_dump())


class LimitsTable(Table):
    """When a turn or an agent must stop: steps, output tokens, seconds, joules (0: no limit), tool calls."""

    max_steps: int = Field(
        default=Limits().max_steps, ge=1, le=100, description="steps of an agent before it must answer"
    )
    max_tokens: int = Field(
        default=Limits().max_tokens, ge=1, le=1_000_000, description="tokens that may be written"
    )
    max_seconds: float = Field(
        default=Limits().max_seconds, gt=0, le=86_400, description="seconds that may pass"
    )
    max_joules: float = Field(
        default=Limits().max_joules, ge=0, le=1e9, description="joules; 0 sets no limit"
    )
    max_tool_calls: int = Field(
        default=Limits().max_tool_calls, ge=1, le=1000, description="calls of tools that may be made"
    )

    def limits(self) -> Limits:
        """Return the limits as a turn takes them."""
        return Limits(**self.model_dump())


class AgentsTable(Table):
    """Agents: the switches in `help`, the `limits` of each agent, and models for roles (by path or name)."""

    help: HelpsTable = HelpsTable()
    limits: LimitsTable | None = None
    supervisor_model: str | None = Field(default=None, description="a model of its own for the supervisor")
    specialist_model: str | None = Field(default=None, description="a model of their own for the specialists")
