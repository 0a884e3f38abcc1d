"""Offering an agent fewer tools: those that are nearest to the request."""

from agents.retrieval import Bm25
from tools.registry import Tool


def shortlist(tools: tuple[Tool, ...], request: str, count: int) -> tuple[Tool, ...]:
    """Return at most `count` tools, in their own order; 0 keeps all.

    A tool is as near as the nearest of its examples, or of its name and description.
    """
    if not count or len(tools) <= count:
        return tools
    texts = [(n, text) for n, tool in enumerate(tools) for text in _texts(tool)]
    scores = Bm25([text for _, text in texts]).scores(request)
    best = [0.0] * len(tools)
    for (n, _), score in zip(texts, scores, strict=True):
        best[n] = max(best[n], score)
    chosen = sorted(range(len(tools)), key=lambda n: -best[n])[:count]
    return tuple(tools[n] for n in sorted(chosen))


def _texts(tool: Tool) -> list[str]:
    described = f"{tool.name.replace('_', ' ')} {tool.description}"
    return [described, *(example.request for example in tool.examples)]
