r"""How a byte-level BPE vocabulary cuts text into words before it merges, by `tokenizer.ggml.pre`.

llama.cpp applies several expressions one after another, each to the pieces that the one before left
(`llm_tokenizer_bpe` in llama-vocab.cpp). Here each family is one expression that cuts at the same
places, for tiktoken. A piece's end is the end of the text to the next expression, which is why white
space before a digit or a sign is cut otherwise than before a letter. The white space that ends a text
comes first of its kind (`\s++$`), so that a long run of it is not tried again and again.
"""

_CONTRACTIONS = r"'(?:[sdmt]|ll|ve|re)"
_ANY_CASE = r"'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])"
_SPACE = r"\s++$|\s+(?!\S)|\s"
_LINES = rf"\s*[\r\n]+|{_SPACE}"
_SIGN = r"\p{P}$+<=>\^~|"
_UPPER = r"[\p{L}&&[^a-z]]"
_LOWER = r"[\p{L}&&[^A-Z]]"

_GPT2 = rf"{_CONTRACTIONS}| ?\p{{L}}++| ?\p{{N}}++| ?[^\s\p{{L}}\p{{N}}]++|{_SPACE}"
_SMOLLM = rf"{_CONTRACTIONS}| ?\p{{L}}++|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]++|\s++(?=\p{{N}})|{_SPACE}"
_DEFAULT = (
    rf"[{_SIGN}]++| ?\p{{L}}++|[0-9]{{3}}|(?:(?![0-9]{{3}})\p{{N}})++| (?=\p{{N}})"
    rf"| ?[^\s\p{{L}}\p{{N}}{_SIGN}]++|\s++(?=[{_SIGN}])|{_SPACE}"
)


def _words(letters: str, numbers: str) -> str:
    """Return the expression of Llama 3 and Qwen, which differ in what a word and a number may hold."""
    return (
        rf"{_ANY_CASE}|[^\r\n\p{{L}}\p{{N}}]?[{letters}]++|{numbers}"
        rf"| ?[^\s{letters}\p{{N}}]++[\r\n]*+|{_LINES}"
    )


def _cased(numbers: str, ending: str) -> str:
    """Return the expression of GPT-4o and Tekken: a word ends where capitals follow small letters."""
    return (
        rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{ending}|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{ending}"
        rf"|{numbers}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_LINES}"
    )


_LLAMA3 = _words(r"\p{L}", r"\p{N}{1,3}")
_QWEN2 = _words(r"\p{L}", r"\p{N}")
_QWEN35 = _words(r"\p{L}\p{M}", r"\p{N}")
_GPT4O = _cased(r"\p{N}{1,3}", f"(?:{_ANY_CASE})?")
_TEKKEN = _cased(r"\p{N}", "")

_FAMILIES: dict[str, str] = {
    "default": _DEFAULT,
    "gpt-2 phi-2 gigachat a.x-4.0 mellum exaone4 mpt olmo jais trillion granite-docling": _GPT2,
    "smollm starcoder refact command-r codeshell exaone minerva-7b mellum2": _SMOLLM,
    "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2": _LLAMA3,
    "dbrx smaug-bpe chatglm-bpe glm4 glm5": _LLAMA3,
    "qwen2 deepseek-r1-qwen kormo stablelm2 hunyuan megrez solar-open": _QWEN2,
    "qwen35": _QWEN35,
    "gpt-4o llama4 kanana2 talkie minimax-m2": _GPT4O,
    "tekken": _TEKKEN,
}

PATTERNS: dict[str, str] = {name: pattern for names, pattern in _FAMILIES.items() for name in names.split()}
"""`tokenizer.ggml.pre` → the expression, for those that are known exactly."""

WHOLE_WORDS = frozenset(
    (
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "glm4",
        "glm5", "tekken",
    )
)  # fmt: skip
"""Vocabularies where a word that is a token is taken whole, whether or not merges lead to it."""
