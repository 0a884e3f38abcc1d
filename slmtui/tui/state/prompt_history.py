"""The prompts sent before, walked with the arrow keys."""

from collections.abc import Callable, Iterable, Sequence


def nothing_else() -> Sequence[str]:
    """Return nothing: there are no other sessions."""
    return ()


class PromptHistory:
    """Past prompts, oldest first, and the draft that was being typed when the walk began.

    `elsewhere` gives the last prompts of other sessions, oldest first. It is asked once, when the walk
    gets there, or when all prompts are asked for.
    """

    def __init__(
        self, prompts: Iterable[str] = (), elsewhere: Callable[[], Sequence[str]] = nothing_else
    ) -> None:
        self._prompts = list(prompts)
        self._elsewhere: Callable[[], Sequence[str]] | None = elsewhere
        self._index: int | None = None
        self._draft = ""

    def add(self, prompt: str) -> None:
        """Remember a prompt that was sent, once if it repeats the last one, and end the walk."""
        if not self._prompts or self._prompts[-1] != prompt:
            self._prompts.append(prompt)
        self._index = None

    def older(self, draft: str) -> str | None:
        """Return the prompt before the one shown, or None at the oldest; `draft` is kept for the way back."""
        if self._index is None:
            self._draft, index = draft, len(self._prompts)
        else:
            index = self._index
        index += self._get_others() if index == 0 else 0
        if index == 0:
            return None
        self._index = index - 1
        return self._prompts[self._index]

    def newer(self) -> str | None:
        """Return the prompt after the one shown, the draft after the newest, or None when not walking."""
        if self._index is None:
            return None
        self._index += 1
        if self._index < len(self._prompts):
            return self._prompts[self._index]
        self._index = None
        return self._draft

    def leave(self) -> None:
        """End the walk: what is shown was edited."""
        self._index = None

    def everything(self) -> list[str]:
        """Return every prompt once, those sent last first: of this session, then of the others."""
        self._index = None
        self._get_others()
        return list(dict.fromkeys(reversed(self._prompts)))

    def _get_others(self) -> int:
        """Put the prompts of other sessions before these, once; return how many there were."""
        if self._elsewhere is None:
            return 0
        others = list(self._elsewhere())
        self._elsewhere = None
        self._prompts[:0] = others
        return len(others)
