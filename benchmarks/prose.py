"""Random text with the word frequencies of prose: a few frequent words, many rare ones."""

import random
from itertools import accumulate

WORD_COUNT = 8000
_LETTERS = "etaoinshrdlucmfwypvbgkqjxz"


class Prose:
    """Generates paragraphs, which depend on the seed only."""

    def __init__(self, seed: int) -> None:
        vocabulary = random.Random(0)
        sizes = [vocabulary.randint(2, 11) for _ in range(WORD_COUNT)]
        letters = range(len(_LETTERS), 0, -1)
        self.words = ["".join(vocabulary.choices(_LETTERS, letters, k=size)) for size in sizes]
        """The most frequent first."""
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(WORD_COUNT)))
        self._chance = random.Random(seed)

    def paragraph(self, word_count: int) -> str:
        """Return a paragraph with this number of words."""
        words = self._chance.choices(self.words, cum_weights=self._weights, k=word_count)
        return " ".join(words).capitalize() + "."
