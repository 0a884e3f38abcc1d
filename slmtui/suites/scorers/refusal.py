"""Is an answer a refusal? Told by how it begins, from a short list.

Only a wrong answer is looked at: one that is right and begins with an apology is no refusal.
"""

import re

OPENINGS = (
    "i am sorry", "i apologize", "i apologise", "my apologies", "sorry", "unfortunately", "regrettably",
    "i cannot", "i can not", "i can't", "i could not", "i couldn't", "i will not", "i won't",
    "i am unable", "i was unable", "i am not able", "i am not allowed", "i am not permitted",
    "i do not have access", "i don't have access", "i do not have the ability", "i don't have the ability",
    "i do not have the information", "i don't have the information", "i must decline", "as an ai",
    "as a language model", "it is not possible for me", "this is not possible for me",
)  # fmt: skip
"""How refusals begin, in lower case; `I'm` is read as `I am`."""


def refused(answer: str) -> bool:
    """Whether an answer begins as refusals do."""
    opening = " ".join(answer[:200].replace("’", "'").casefold().split()).lstrip("\"'*_# ")
    opening = re.sub(r"\bi'm\b", "i am", opening)
    return any(re.match(rf"{re.escape(known)}\b", opening) for known in OPENINGS)
