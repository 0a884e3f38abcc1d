"""What `slmtui doctor` says of costs: the energy meter, the memory explained, and the prices."""

from collections.abc import Mapping

from sessions.money import HostedPrice
from slmtui.assemble import choose_meter
from slmtui.cli.check import Check, State
from slmtui.encodings import NAMES, is_here
from slmtui.engine.protocol import KvType
from slmtui.meters.memory_parts import kv_formula, memory_parts
from slmtui.models.describe import ModelFacts
from slmtui.models.fit import Fit
from slmtui.settings import Settings
from slmtui.tui.format import size


def energy(settings: Settings) -> Check:
    """Say which energy meter there is, what its joules are of, and what would give a better one."""
    choice = choose_meter(settings)
    state: State = "ok" if choice.meter.source == "measured" else "note"
    return Check("energy", state, f"{choice.meter.source}: {choice.meter.scope}", choice.advice)


def memory_lines(facts: ModelFacts, fit: Fit, kv_type: KvType) -> tuple[str, ...]:
    """Return what the memory of a model is for, a line each."""
    parts = memory_parts(facts, fit.context, kv_type)
    formula = kv_formula(facts, fit.context, kv_type)
    return (
        f"weights    {size(parts.weights)}, pages of the file",
        f"KV cache   {size(parts.kv_cache)}" + (f" = {formula}" if formula else ""),
        f"the rest  ~{size(fit.compute)}, compute buffers and the engine itself",
    )


def money(settings: Settings, environ: Mapping[str, str]) -> Check:
    """Say which prices are set, and how the tokens of each hosted one are counted."""
    prices = settings.money.prices()
    if prices.tariff_per_kwh is None and not prices.hosted:
        return Check("money", "ok", "no price is set; [money] in the settings has a tariff and hosted prices")
    tariff = "no tariff" if prices.tariff_per_kwh is None else f"{prices.tariff_per_kwh:g} a kWh"
    missing = [
        each.encoding for each in prices.hosted if each.encoding and not is_here(each.encoding, environ)
    ]
    lines = tuple(_hosted(each, counted=each.encoding not in missing) for each in prices.hosted)
    state: State = "note" if missing else "ok"
    return Check("money", state, f"{prices.currency}: {tariff}", _fetch(missing), lines)


def _hosted(price: HostedPrice, *, counted: bool) -> str:
    asked = f"{price.input_per_mtok:g} and {price.output_per_mtok:g} a million tokens in and out"
    how = f"tiktoken's {price.encoding}" if price.encoding and counted else "the model's own tokens"
    return f"{price.name}: {asked}, ~ by {how}"


def _fetch(missing: list[str]) -> str:
    """Return how to get the encodings that are not here."""
    unknown = [name for name in missing if name not in NAMES]
    if unknown:
        return f"tiktoken has no encoding {unknown[0]}; it has {', '.join(NAMES)}"
    calls = "; ".join(f"tiktoken.get_encoding('{name}')" for name in dict.fromkeys(missing))
    return f'to count as they do, once, online: python -c "import tiktoken; {calls}"' if missing else ""
