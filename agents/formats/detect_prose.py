"""Guesses the calls of a template that tells its model of tools, but writes no calls itself."""

import json
import re

from agents.formats.difference import inserted
from agents.formats.format import Arguments, CallFormat, Fields, JsonType, Spelling, Tools
from agents.formats.patterns import escaped
from agents.formats.probe import RESULT, Probe
from agents.formats.tags import call_tag, counterpart

# As in: {"name": function name, "parameters": dictionary of argument name and its value}
_EXAMPLE = re.compile(r"\"(\w+)\"\s*:\s*[^{}\[\],]*?,\s*\"(\w+)\"\s*:\s*(?![\"\[])")
_DECODER = json.JSONDecoder()
_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_INLINE: tuple[tuple[JsonType, Spelling], ...] = (
    ("string", "python"),
    ("boolean", "python"),
    ("null", "python"),
    ("array", "python"),
)


def guess_calls(probe: Probe) -> CallFormat:
    """Return the likeliest format: what the model is told, else tags in the style of the template's own."""
    prompt = probe.prompt() or ""
    told = _told(prompt, probe.with_(tools=Tools()).prompt())
    result = probe.result({"role": "tool", "content": RESULT}) or ""
    opening = call_tag(told, prompt + result)
    closing = counterpart(opening)
    if _JSON.search(told):
        return _json(told, opening, closing)
    return CallFormat(
        kind="python",
        call="{name}({arguments})",
        section_open=f"{opening}[",
        section_close=f"]{closing}",
        separator=", ",
        arguments=Arguments("pairs", "{key}={value}", ", ", _INLINE),
        guessed=True,
    )


def _told(prompt: str, plain: str | None) -> str:
    """Return what a prompt says of tools, without the tools themselves."""
    told = prompt if plain is None else inserted(plain, prompt)[0]
    at = told.find("{")
    while at >= 0:
        try:
            end = _DECODER.raw_decode(told, at)[1]
        except ValueError:
            end = 0
        told = told[:at] + told[end:] if end else told
        at = told.find("{", at + (not end))
    return told


def _json(told: str, opening: str, closing: str) -> CallFormat:
    example = _EXAMPLE.search(told)
    name, arguments = (example[1], example[2]) if example else ("name", "arguments")
    return CallFormat(
        kind="json",
        call=escaped(f'{{"{name}": "') + "{name}" + escaped(f'", "{arguments}": ') + "{arguments}}}",
        section_open=f"{opening}[",
        section_close=f"]{closing}",
        separator=", ",
        fields=Fields((name,), (arguments,)),
        guessed=True,
    )
