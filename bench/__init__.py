"""How fast, against what: every figure is a ratio within one run, or a bound on one machine's worst case."""

Figure = tuple[str, str, str]
"""What was measured, the figure, and what it has to be."""
