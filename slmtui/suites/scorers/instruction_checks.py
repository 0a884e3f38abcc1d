"""The checks of single instructions, by the names that IFEval gives them (arXiv 2311.07911).

Each takes an answer that is not empty and the instruction's parameters. The rules are IFEval's, with three
exceptions: keywords are texts and no regular expressions, sentences are found by a rule instead of a
trained model, and the language of an answer is not looked at.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[str, Mapping[str, Any]], bool]

_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|vs))(?<!\b(?:Mrs|etc|e\.g|i\.e))[.!?]+[\"'”’)]*(?=\s|$)"
)
_CONSTRAINED = ("My answer is yes.", "My answer is no.", "My answer is maybe.")


def _compared(count: int, relation: str, limit: int) -> bool:
    if relation not in {"less than", "at least"}:
        raise ValueError(f"{relation!r} is neither 'less than' nor 'at least'")
    return count < limit if relation == "less than" else count >= limit


def _occurs(word: str, answer: str) -> int:
    return len(re.findall(re.escape(word.strip()), answer, re.IGNORECASE))


def _keywords(answer: str, given: Mapping[str, Any]) -> bool:
    return all(_occurs(word, answer) for word in given["keywords"])


def _frequency(answer: str, given: Mapping[str, Any]) -> bool:
    return _compared(_occurs(given["keyword"], answer), given["relation"], given["frequency"])


def _letters(answer: str, given: Mapping[str, Any]) -> bool:
    count = answer.lower().count(given["letter"].lower())
    return _compared(count, given["let_relation"], given["let_frequency"])


def _forbidden(answer: str, given: Mapping[str, Any]) -> bool:
    words = given["forbidden_words"]
    return not any(re.search(rf"\b{re.escape(word)}\b", answer, re.IGNORECASE) for word in words)


def _words(answer: str, given: Mapping[str, Any]) -> bool:
    return _compared(len(re.findall(r"\w+", answer)), given["relation"], given["num_words"])


def sentences_in(text: str) -> int:
    """Return how many sentences a text has: a last one may lack its mark."""
    ends = list(_SENTENCE_END.finditer(text.strip()))
    rest = text.strip()[ends[-1].end() :] if ends else text
    return len(ends) + bool(re.search(r"\w", rest))


def _sentences(answer: str, given: Mapping[str, Any]) -> bool:
    return _compared(sentences_in(answer), given["relation"], given["num_sentences"])


def _paragraphs(answer: str, given: Mapping[str, Any]) -> bool:
    """Exactly so many, with `***` between them."""
    parts = [part.strip() for part in re.split(r"\s?\*\*\*\s?", answer)]
    inner = parts[1:-1]
    return all(inner) and bool(sum(map(bool, parts)) == given["num_paragraphs"])


def _first_word(answer: str, given: Mapping[str, Any]) -> bool:
    """So many paragraphs with empty lines between them, of which the nth begins with a word."""
    parts = re.split(r"\n\n", answer)
    at, count = given["nth_paragraph"], sum(bool(part.strip()) for part in parts)
    if not 1 <= at <= count or not parts[at - 1].strip():
        return False
    begun = parts[at - 1].split()[0].lstrip("'\"").lower()
    word = re.split(r"[.,?!'\"]", begun)[0]
    return bool(count == given["num_paragraphs"] and word == given["first_word"].lower())


def _placeholders(answer: str, given: Mapping[str, Any]) -> bool:
    return bool(len(re.findall(r"\[[^\]\n]*\]", answer)) >= given["num_placeholders"])


def _postscript(answer: str, given: Mapping[str, Any]) -> bool:
    marker = given["postscript_marker"].strip().lower()
    known = {"p.p.s": r"p\.\s?p\.\s?s", "p.s.": r"p\.\s?s\."}
    return re.search(known.get(marker, re.escape(marker)), answer.lower()) is not None


def _bullets(answer: str, given: Mapping[str, Any]) -> bool:
    bullets = re.findall(r"^[^\S\n]*(?:\*[^*\n]|-)", answer, re.MULTILINE)
    return bool(len(bullets) == given["num_bullets"])


def _highlights(answer: str, given: Mapping[str, Any]) -> bool:
    single = [each for each in re.findall(r"\*[^\n*]*\*", answer) if each.strip("*").strip()]
    double = [each for each in re.findall(r"\*\*[^\n*]*\*\*", answer) if each.strip("*").strip()]
    return bool(len(single) + len(double) >= given["num_highlights"])


def _sections(answer: str, given: Mapping[str, Any]) -> bool:
    splitter = re.escape(given["section_spliter"].strip())
    return bool(len(re.findall(rf"{splitter}\s?\d+", answer)) >= given["num_sections"])


def _json(answer: str, _given: Mapping[str, Any]) -> bool:
    bare = re.sub(r"^```(?:json)?|```$", "", answer.strip(), flags=re.IGNORECASE).strip()
    try:
        json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return True


def _title(answer: str, _given: Mapping[str, Any]) -> bool:
    return any(title.strip("<> ") for title in re.findall(r"<<[^\n]+>>", answer))


def _constrained(answer: str, _given: Mapping[str, Any]) -> bool:
    return any(option in answer for option in _CONSTRAINED)


def _capital_words(answer: str, given: Mapping[str, Any]) -> bool:
    count = sum(word.isupper() for word in re.findall(r"\w[\w'’-]*", answer))
    return _compared(count, given["capital_relation"], given["capital_frequency"])


def _quotation(answer: str, _given: Mapping[str, Any]) -> bool:
    bare = answer.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


def _end(answer: str, given: Mapping[str, Any]) -> bool:
    return answer.strip().strip('"').lower().endswith(given["end_phrase"].strip().lower())


def _repeat(answer: str, given: Mapping[str, Any]) -> bool:
    return answer.strip().lower().startswith(given["prompt_to_repeat"].strip().lower())


def _two_responses(answer: str, _given: Mapping[str, Any]) -> bool:
    parts = [part.strip() for part in answer.split("******")]
    if not all(parts[1:-1]):
        return False
    responses = list(filter(None, parts))
    return len(responses) == 2 and len(Counter(responses)) == 2


CHECKS: Mapping[str, Check] = {
    "keywords:existence": _keywords,
    "keywords:frequency": _frequency,
    "keywords:letter_frequency": _letters,
    "keywords:forbidden_words": _forbidden,
    "length_constraints:number_words": _words,
    "length_constraints:number_sentences": _sentences,
    "length_constraints:number_paragraphs": _paragraphs,
    "length_constraints:nth_paragraph_first_word": _first_word,
    "detectable_content:number_placeholders": _placeholders,
    "detectable_content:postscript": _postscript,
    "detectable_format:number_bullet_lists": _bullets,
    "detectable_format:number_highlighted_sections": _highlights,
    "detectable_format:multiple_sections": _sections,
    "detectable_format:json_format": _json,
    "detectable_format:title": _title,
    "detectable_format:constrained_response": _constrained,
    "change_case:english_lowercase": lambda answer, _given: answer.islower(),
    "change_case:english_capital": lambda answer, _given: answer.isupper(),
    "change_case:capital_word_frequency": _capital_words,
    "punctuation:no_comma": lambda answer, _given: "," not in answer,
    "startend:quotation": _quotation,
    "startend:end_checker": _end,
    "combination:repeat_prompt": _repeat,
    "combination:two_responses": _two_responses,
}
"""IFEval's instructions but for `language:response_language`, which needs a model of languages."""
