"""A short list of models under 10B that can be pulled: names, repositories and licences, by size class.

It promises nothing of their quality. The names were written down without reaching the hub, and their sizes
are rounded: a pull asks the hub for what is there, its licence and its size, and says so before it begins.
"""

from dataclasses import dataclass
from typing import Literal

from slmtui.models.errors import UnknownPullError, shown
from slmtui.models.hub_names import Wanted, wanted

SizeClass = Literal["<1B", "1-2B", "3-4B", "7-9B"]


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be pulled. `file` is what it is called there, and `size` its bytes, about.

    `quant` chooses the file, whatever its name has become.
    """

    name: str
    size_class: SizeClass
    repository: str
    file: str
    quant: str
    size: int
    licence: str


def _known(
    name: str, size_class: SizeClass, repository: str, file: str, quant: str, megabytes: int, licence: str
) -> KnownModel:
    return KnownModel(name, size_class, repository, file, quant, megabytes * 1_000_000, licence)


APACHE = "apache-2.0"
KNOWN: tuple[KnownModel, ...] = (
    _known("smollm2-360m", "<1B", "bartowski/SmolLM2-360M-Instruct-GGUF",
           "SmolLM2-360M-Instruct-Q8_0.gguf", "Q8_0", 386, APACHE),
    _known("qwen2.5-0.5b", "<1B", "Qwen/Qwen2.5-0.5B-Instruct-GGUF",
           "qwen2.5-0.5b-instruct-q4_k_m.gguf", "Q4_K_M", 491, APACHE),
    _known("qwen3-0.6b", "<1B", "Qwen/Qwen3-0.6B-GGUF", "Qwen3-0.6B-Q8_0.gguf", "Q8_0", 639, APACHE),
    _known("llama-3.2-1b", "1-2B", "bartowski/Llama-3.2-1B-Instruct-GGUF",
           "Llama-3.2-1B-Instruct-Q4_K_M.gguf", "Q4_K_M", 808, "llama3.2"),
    _known("smollm2-1.7b", "1-2B", "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF",
           "smollm2-1.7b-instruct-q4_k_m.gguf", "Q4_K_M", 1056, APACHE),
    _known("qwen2.5-1.5b", "1-2B", "Qwen/Qwen2.5-1.5B-Instruct-GGUF",
           "qwen2.5-1.5b-instruct-q4_k_m.gguf", "Q4_K_M", 1117, APACHE),
    _known("qwen3-1.7b", "1-2B", "Qwen/Qwen3-1.7B-GGUF", "Qwen3-1.7B-Q8_0.gguf", "Q8_0", 1834, APACHE),
    _known("smollm3-3b", "3-4B", "bartowski/HuggingFaceTB_SmolLM3-3B-GGUF",
           "HuggingFaceTB_SmolLM3-3B-Q4_K_M.gguf", "Q4_K_M", 1920, APACHE),
    _known("llama-3.2-3b", "3-4B", "bartowski/Llama-3.2-3B-Instruct-GGUF",
           "Llama-3.2-3B-Instruct-Q4_K_M.gguf", "Q4_K_M", 2019, "llama3.2"),
    _known("phi-3.5-mini", "3-4B", "bartowski/Phi-3.5-mini-instruct-GGUF",
           "Phi-3.5-mini-instruct-Q4_K_M.gguf", "Q4_K_M", 2393, "mit"),
    _known("qwen3-4b", "3-4B", "Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf", "Q4_K_M", 2497, APACHE),
    _known("mistral-7b", "7-9B", "bartowski/Mistral-7B-Instruct-v0.3-GGUF",
           "Mistral-7B-Instruct-v0.3-Q4_K_M.gguf", "Q4_K_M", 4373, APACHE),
    _known("qwen2.5-7b", "7-9B", "bartowski/Qwen2.5-7B-Instruct-GGUF",
           "Qwen2.5-7B-Instruct-Q4_K_M.gguf", "Q4_K_M", 4683, APACHE),
    _known("llama-3.1-8b", "7-9B", "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF",
           "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "Q4_K_M", 4921, "llama3.1"),
    _known("qwen3-8b", "7-9B", "Qwen/Qwen3-8B-GGUF", "Qwen3-8B-Q4_K_M.gguf", "Q4_K_M", 5028, APACHE),
)  # fmt: skip
"""By size class, and in it by size."""


def wanted_of(reference: str) -> Wanted:
    """Return what a short name of the list, or `owner/name`, asks for; either may have `:QUANT` behind it.

    Raises `UnknownPullError`.
    """
    name, _, quant = reference.strip().partition(":")
    for model in KNOWN:
        if model.name == name.lower():
            return Wanted(model.repository, quant or model.quant)
    if "/" not in name:
        near = [model.name for model in KNOWN if name and name.lower() in model.name]
        hint = f"; near it are {', '.join(near)}" if near else ""
        raise UnknownPullError(
            f"{shown(reference)} is not in `slmtui models list --known`{hint}; another model is named as "
            "OWNER/NAME[:QUANT] on the hub"
        )
    return wanted(reference)
