"""The prompts sent before, walked with the arrow keys."""

from collections.abc import Iterable


class PromptHistory:
    """Past prompts, oldest first, and the draft that was being typed when the walk began."""

    def __init__(self, prompts: Iterable[str] = ()) -> None:
        self._prompts = list(prompts)
        self._index: int | None = None
        self._draft = ""

    def add(self, prompt: str) -> None:
        """Remember a prompt that was sent, once if it repeats the last one, and end the walk."""
        if not self._prompts or self._prompts[-1] != prompt:
            self._prompts.append(prompt)
        self._index = None

    def older(self, draft: str) -> str | None:
        """Return the prompt before the one shown, or None at the oldest; `draft` is kept for the way back."""
        if not self._prompts or self._index == 0:
            return None
        if self._index is None:
            self._draft, self._index = draft, len(self._prompts)
        self._index -= 1
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
