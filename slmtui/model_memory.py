"""What a model will take of this machine's memory under the settings, before it is loaded."""

from dataclasses import replace

import psutil

from slmtui.assemble import shape_of
from slmtui.engine.sizing import SMALLEST_CONTEXT, NoRoomError, choose_context, kv_cache_bytes
from slmtui.models.describe import ModelFacts
from slmtui.models.fit import Fit, estimate_fit
from slmtui.settings import EngineTable


def memory_fit(facts: ModelFacts, engine: EngineTable, context: int = 0) -> Fit:
    """Return the estimate of a model's memory; `context` 0 is what the settings say or the engine chooses."""
    available = psutil.virtual_memory().available
    shape = shape_of(facts)
    try:
        tokens = choose_context(context or engine.context, shape, engine.kv_cache, available).tokens
    except NoRoomError:
        tokens = SMALLEST_CONTEXT
    fit = estimate_fit(facts, tokens, available, engine.batch)
    return replace(fit, kv_cache=kv_cache_bytes(tokens, shape, engine.kv_cache))
