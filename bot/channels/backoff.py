"""How long to wait for a service that fails: longer each time, and not every bot of a town in the same second."""

import random


def growing(failures: int, first: float, longest: float) -> float:
    """Seconds after so many failures in a row: doubled from the first wait to the longest, less a random part."""
    doubled = first * (1 << min(failures - 1, 10))
    return min(doubled, longest) * random.uniform(0.5, 1.0)  # noqa: S311 -- nothing is kept secret by it
