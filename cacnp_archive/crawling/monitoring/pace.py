"""How fast a crawl goes, how far it is, how long it will take: from counts read now and then."""

from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 60.0
UNKNOWN_SECONDS = 10.0
"""For so long nothing is foretold."""

LEAST_SECONDS = 60.0
MOST_SECONDS = 600.0
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """What a crawl had come to at a moment of a monotonic clock, in seconds."""

    moment: float
    requests: int
    """Sent so far."""
    answered: int
    """Addresses that are dealt with, well or not."""
    waiting: int

    @property
    def share(self) -> float:
        """How much of what this crawl is known to ask for is dealt with, from 0 to 1."""
        asked_for = self.answered + self.waiting
        return self.answered / asked_for if asked_for else 0.0


class Pace:
    """Remembers the last minute."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        """Take what the crawl has come to now."""
        self._samples.append(sample)
        while self._samples[0].moment < sample.moment - WINDOW_SECONDS:
            self._samples.popleft()

    @property
    def requests_per_second(self) -> float | None:
        """Over the last minute; None at the start."""
        if (seconds := self._seconds) is None:
            return None
        return (self._samples[-1].requests - self._samples[0].requests) / seconds

    @property
    def seconds_left(self) -> float | None:
        """Until nothing waits, if no more is found; None while that cannot be told."""
        if (seconds := self._seconds) is None:
            return None
        first, last = self._samples[0], self._samples[-1]
        answered = last.answered - first.answered
        return last.waiting * seconds / answered if answered else None

    @property
    def _seconds(self) -> float | None:
        if not self._samples:
            return None
        seconds = self._samples[-1].moment - self._samples[0].moment
        return seconds if seconds >= UNKNOWN_SECONDS else None


def is_news(now: Sample, told: Sample) -> bool:
    """Tell whether a line is due, after what the last one told.

    >>> told = Sample(0.0, 50, 50, 50)
    >>> [is_news(Sample(moment, 60, 60, 40), told) for moment in (59.0, 60.0)]
    [False, True]
    >>> [is_news(Sample(moment, 51, 51, 49), told) for moment in (60.0, 599.0, 600.0)]
    [False, False, True]
    """
    seconds = now.moment - told.moment
    if seconds < LEAST_SECONDS:
        return False
    return seconds >= MOST_SECONDS or now.share - told.share >= LEAST_SHARE
