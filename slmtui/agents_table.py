"""The settings of agents: the switches of help, limits of each agent, and models for roles."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agents.budget import Limits
from agents.helps import Helps, ToolList

Count = Annotated[int, Field(ge=0, le=64)]


class Table(BaseModel):
    """A table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class HelpsTable(Table):
    """The switches of help for small models; `slmtui ask --switch` sets them for one question."""

    examples: Count = Helps().examples
    similar: bool = Helps().similar
    tool_list: ToolList = Helps().tool_list
    shortlist: Count = Helps().shortlist
    fitting: bool = Helps().fitting
    calibrated: bool = Helps().calibrated
    constrained: bool = Helps().constrained
    grammar: bool = Helps().grammar
    forced: bool = Helps().forced
    repair: bool = Helps().repair
    reask: bool = Helps().reask
    quoted: bool = Helps().quoted
    route_token: bool = Helps().route_token
    sure: float = Field(default=Helps().sure, ge=0, le=1)
    structured: bool = Helps().structured
    format_hint: bool = Helps().format_hint
    think: bool = Helps().think
    fallback: bool = Helps().fallback
    votes: int = Field(default=Helps().votes, ge=1, le=64)
    unsure: float = Field(default=Helps().unsure, ge=-100, le=0)

    def helps(self) -> Helps:
        """Return the switches as a turn takes them."""
        return Helps(**self.model_dump())


class LimitsTable(Table):
    """When a turn or an agent must stop: steps, output tokens, seconds, joules (0: no limit), tool calls."""

    max_steps: int = Field(default=Limits().max_steps, ge=1, le=100)
    max_tokens: int = Field(default=Limits().max_tokens, ge=1, le=1_000_000)
    max_seconds: float = Field(default=Limits().max_seconds, gt=0, le=86_400)
    max_joules: float = Field(default=Limits().max_joules, ge=0, le=1e9)
    max_tool_calls: int = Field(default=Limits().max_tool_calls, ge=1, le=1000)

    def limits(self) -> Limits:
        """Return the limits as a turn takes them."""
        return Limits(**self.model_dump())


class AgentsTable(Table):
    """Agents: the switches in `help`, the `limits` of each agent, and models for roles (by path or name)."""

    help: HelpsTable = HelpsTable()
    limits: LimitsTable | None = None
    supervisor_model: str | None = None
    specialist_model: str | None = None
