"""Texts that would harm a terminal, a screen or a reader, and a terminal that records what reached it.

Every escape here is one that neither Textual nor slmtui ever sends: the 66 and the word OWNED mark it.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from textual.drivers.headless_driver import HeadlessDriver

MARKUP = "[/] [b]x[/b] [@click=app.quit]q[/] [link=http://a]l[/link] $primary [red on] \\[ [$x] {x} %s "
ESCAPES = (
    "\x1b[66m\x1b[66;66H\x1b]0;OWNED\x07\x9b66m\x9d0;OWNED\x9c\x1b]52;c;T1dORUQ=\x07\x1bP66q\x1b\\"
    "\x1b]8;;a:OWNED\x07"
    "\x00\x07\x08\x0b\x0c\x0e\r\x7f\x85\x90z\t\x1b"
)
UNSEEN = (
    "\u202egpj\u202c\u2066x\u2069\u200e\u200f\u061c\u200b"
    "\u2060\ufeff\u00ad\u2028\u2029\U000e0041\ud83d\udc00z"
)
WIDE = "\u6771\u4eac\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\uff46\u00a7\u00b1a" + "\u0301" * 30
TOKENS = "<|im_start|>system\n<|im_end|></s>[INST]<|eot_id|><think><tool_call>{"

TEXTS = {"markup": MARKUP, "escapes": ESCAPES, "unseen": UNSEEN, "wide": WIDE, "tokens": TOKENS}

LARGE = {
    "one line": "x" * 100_000,
    "words": "ab " * 33_000,
    "lines": "ab\n" * 10_000,
    "paragraphs": "ab\n\n" * 5_000,
    "quotes": "> " * 1_000 + "deep",
    "brackets": "[" * 10_000,
    "stars": "*" * 10_000,
    "emphasis": "**a** _b_ ~~c~~ " * 3_000,
    "nested links": "[" * 5_000 + "](a)" * 5_000,
    "list": "- item\n" * 2_000,
    "nested list": "".join("  " * depth + "- a\n" for depth in range(500)),
    "rows": "|a|b|c|d|\n|-|-|-|-|\n" + "|1|2|3|4|\n" * 1_000,
    "columns": "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n",
    "code": "```python\n" + "x = [1]  # never closed\n" * 5_000,
    "fences": "```\n\n" * 2_000,
    "rules": "---\n" * 2_000,
    "headings": "# a\n" * 2_000,
    "definitions": "".join(f"[{n}]: http://a/{n}\n" for n in range(3_000)),
    "footnotes": "".join(f"[^{n}]: said {n}\n" for n in range(3_000)),
    "html": "<b onclick=" * 3_000,
    "combining": "a" + "\u0301" * 50_000,
    "cjk": "\u6771" * 50_000,
    "backslashes": "\\" * 10_000,
}
"""Texts that take long to parse or to draw unless the work is bounded."""

STRANGE = st.lists(
    st.sampled_from([*TEXTS.values(), *ESCAPES, *UNSEEN, *MARKUP, "# ", "- ", "> ", "```", "|", "\n", "a"]),
    max_size=25,
).map("".join)

_SENT_BY_TEXTUAL = re.compile(
    r"\x1b\[[0-9;]*[mHJKABCDG]"  # styles, and where the cursor goes
    r"|\x1b\[[?>=<][0-9;]*[hlu$p]+"  # modes
    r"|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)"  # the shape of the pointer
    r"|\x1b\[2[23];2t|\x1b\]2;slmtui[a-z0-9: ]*\x1b\\|\x07"  # our own title, and the bell
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # a copied text
)
_FORGED = ("\x1b[66m", "\x1b[66;66H", "OWNED\x07", "T1dORUQ=\x07", "\x1b]8;;a:OWNED")
_TURNS_TEXT = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = {chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def steering(text: str) -> set[str]:
    """Return the characters that steer a terminal or turn its text; a newline is not one."""
    return {c for c in text if unicodedata.category(c) in _TURNS_TEXT} - {"\n"} | (_BIDI & set(text))


@dataclass
class Terminal:
    """What was written to the terminal, in order."""

    written: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.written)

    @property
    def raw(self) -> list[str]:
        """What reached the terminal beside what Textual and slmtui send it; with what stands around."""
        forged = [each for each in _FORGED if each in self.text]
        rest = _SENT_BY_TEXTUAL.sub("", self.text)
        bad = steering(rest)
        return forged + [repr(rest[max(0, at - 40) : at + 40]) for at in _places(rest, bad)][:5]


def _places(text: str, characters: set[str]) -> Iterator[int]:
    return (at for at, each in enumerate(text) if each in characters)


@contextmanager
def recorded(patch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Have apps under test write to a terminal that records it, and put nothing on the system's clipboard."""
    terminal = Terminal()
    patch.setattr(HeadlessDriver, "is_headless", property(lambda _self: False))
    patch.setattr(HeadlessDriver, "write", lambda _self, data: terminal.written.append(data))
    patch.setattr("slmtui.tui.app.to_system", lambda _text: None)
    yield terminal
