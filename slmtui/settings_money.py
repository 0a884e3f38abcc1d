"""The settings of energy and money: `[energy]`, `[money]`, and a `[[money.hosted]]` for every price list."""

from typing import Annotated

from pydantic import Field, field_validator

from sessions.money import POWER, HostedPrice, Prices
from slmtui.agents_table import Table

Watts = Annotated[float, Field(ge=0, le=10_000)]
Price = Annotated[float, Field(ge=0, le=1_000_000)]


class EnergyTable(Table):
    """The machine's power, idle and with every core busy, for where no counter can be read."""

    idle_watts: Watts | None = Field(default=None, description="watts of the whole machine when it idles")
    full_watts: Watts | None = Field(default=None, description="watts with every core busy")


class HostedTable(Table):
    """What a hosted service asks for a million tokens. `encoding` is the name of its tokens in tiktoken."""

    name: str = Field(min_length=1, max_length=32)
    input_per_mtok: Price
    output_per_mtok: Price
    encoding: str = Field(default="", pattern=r"^[a-z0-9_]{0,32}$")

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        if not name.isprintable() or not name.strip() or name == POWER:
            raise ValueError(f"it should be a name of printable characters, and not {POWER}")
        return name


class MoneyTable(Table):
    """What energy costs, and what hosted services would ask for the same tokens."""

    tariff_per_kwh: Price | None = Field(default=None, description="what a kilowatt-hour costs")
    currency: str = Field(default="EUR", description="the currency of all prices: its letters or sign")
    hosted: tuple[HostedTable, ...] = Field(
        default=(), description="price lists of hosted services, to compare with"
    )

    @field_validator("currency")
    @classmethod
    def _letters(cls, name: str) -> str:
        if not (name.isalpha() and len(name) <= 8) and name not in tuple("$€£¥₹"):
            raise ValueError("it should be a currency's letters or sign, such as EUR or $")
        return name

    @field_validator("hosted")
    @classmethod
    def _one_of_a_name(cls, hosted: tuple[HostedTable, ...]) -> tuple[HostedTable, ...]:
        if len({each.name for each in hosted}) < len(hosted):
            raise ValueError("two price lists have the same name; each should have its own")
        return hosted

    def prices(self) -> Prices:
        """Return the prices as a turn's cost is worked out from them."""
        hosted = tuple(HostedPrice(**each.model_dump()) for each in self.hosted)
        return Prices(self.tariff_per_kwh, self.currency, hosted)
