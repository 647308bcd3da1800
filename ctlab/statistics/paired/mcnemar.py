"""Exact binomial tails with p = 1/2: McNemar's test without the χ² approximation."""

import math

# Above this many discordant pairs whole-number arithmetic gets slow and the floating-point sum is exact to 12 digits.
_WHOLE_NUMBERS_UP_TO = 20_000


def mcnemar_p(lost: int, gained: int, alternative: str) -> float:
    """Return the exact p-value of McNemar's test.

    Parameters
    ----------
    lost, gained : int
        Discordant problems. With none of them p = 1.
    alternative : {'greater', 'less', 'two-sided'}
        Claimed: more gained than lost, fewer, or either.

    Returns
    -------
    float
        P(X ≥ gained), P(X ≥ lost), or twice the smaller one (at most 1), with X binomial(lost + gained, 1/2).

    Notes
    -----
    Under the null hypothesis a discordant problem is lost or gained with equal probability. Conditioning on their
    number makes the test exact: its size never exceeds α. The χ² form returns p = 0 when there is no discordant
    pair, so it is not used anywhere.

    References
    ----------
    McNemar Q (1947). Note on the sampling error of the difference between correlated proportions or percentages.
    Psychometrika 12, 153-157.

    Examples
    --------
    >>> round(mcnemar_p(5, 15, "two-sided"), 6)
    0.041389
    >>> mcnemar_p(0, 0, "greater")
    1.0
    """
    total = lost + gained
    if alternative == "greater":
        return binomial_tail(gained, total)
    if alternative == "less":
        return binomial_tail(lost, total)
    return min(1.0, 2.0 * binomial_tail(max(lost, gained), total))


def binomial_tail(at_least: int, trials: int) -> float:
    """Return P(X ≥ at_least) for X binomial(trials, 1/2), summed in whole numbers."""
    if at_least <= 0:
        return 1.0
    if at_least > trials:
        return 0.0
    if 2 * at_least <= trials:
        return 1.0 - binomial_tail(trials - at_least + 1, trials)
    if trials > _WHOLE_NUMBERS_UP_TO:
        return _tail_in_floats(at_least, trials)
    # From k = trials down to k = at_least: each coefficient follows from the one before.
    coefficient = total = 1
    for k in range(trials, at_least, -1):
        coefficient = coefficient * k // (trials - k + 1)
        total += coefficient
    # The largest double is just below 2 ** 1024.
    return total / (1 << trials) if trials < 1000 else math.exp(_log(total) - trials * math.log(2.0))


def _log(number: int) -> float:
    """Return the logarithm of a whole number of any size."""
    shift = max(0, number.bit_length() - 64)
    return math.log(number >> shift) + shift * math.log(2.0)


def _tail_in_floats(at_least: int, trials: int) -> float:
    """Return the tail as a sum of exponentials of logarithms, largest term first, for at_least above trials / 2."""
    log_first = (
        math.lgamma(trials + 1)
        - math.lgamma(at_least + 1)
        - math.lgamma(trials - at_least + 1)
        - trials * math.log(2.0)
    )
    ratio, total = 1.0, 0.0
    for k in range(at_least, trials + 1):
        total += ratio
        ratio *= (trials - k) / (k + 1)
        if ratio < 1e-18 * total:  # a hundredth of the last bit of a double: the sum no longer changes
            break
    return min(1.0, math.exp(log_first) * total)
