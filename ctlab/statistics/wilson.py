"""The interval of one proportion, without SciPy: a warm run and a report need it, and neither waits for an import."""

_Z = 1.959963984540054  # 97.5 % point of the normal; importing SciPy for it would cost a warm run half a second


def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212)."""
    centre = (count + _Z * _Z / 2) / (n + _Z * _Z)
    half = _Z / (n + _Z * _Z) * (count * (n - count) / n + _Z * _Z / 4) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
