"""Tango's test at a margin, made exact: the worst probability over everything that the null hypothesis leaves open."""

from typing import Any

from ctlab.statistics.paired.tango import tango_z

_STEPS = 160
"""Rates of loss that are tried before the neighbourhood of the best one is.

For 50 to 1,319 problems docs/calibration.md enumerates that the test then errs no more often than α says.
"""
_REFINED = 33  # rates tried between the neighbours of the best: each step is a 32nd of two steps
_WINDOW = 9.0  # standard deviations; what lies further out has a probability under 1e-18
_TIE = 1e-10
"""Statistics that differ by less are the same but for rounding; what is reached counts against the claim."""


def unconditional_p(lost: int, gained: int, n: int, margin: float) -> float:
    r"""Return the exact p-value of θ ≤ `margin` against θ > `margin`.

    Parameters
    ----------
    lost, gained, n : int
        Discordant problems by side, and all paired problems.
    margin : float
        Value of θ = P(gained) − P(lost) where the null hypothesis ends, above 0. For θ ≥ −margin against
        θ < −margin swap lost and gained.

    Returns
    -------
    float
        The largest probability, over all rates of loss q with θ = margin, of a table whose score statistic is at
        least as large as the one observed.

    Notes
    -----
    .. math:: p = \max_q \sum_{(l, g): z(l, g) ≥ z_{obs}} P(l, g; q, q + margin)

    The score test itself is too liberal where few problems are discordant: its size at a margin reaches 1.8 α (and
    2.5 α at α = .0083) when four to eight discordant problems are expected. For Tango's statistic the largest
    probability under θ ≤ margin is attained at θ = margin (Barnard's convexity). q is searched on a
    grid, refined around its best point.

    References
    ----------
    Hsueh HM, Liu JP, Chen JJ (2001). Unconditional exact tests for equivalence or noninferiority for paired binary
    endpoints. Biometrics 57, 478-483.
    Sidik K (2003). Exact unconditional tests for testing non-inferiority in matched-pairs design. Statistics in
    Medicine 22, 265-278.

    Examples
    --------
    >>> round(unconditional_p(3, 20, 200, 0.02), 4)
    0.0024
    """
    return worst_tail(tango_z(lost, gained, n, margin), n, margin)


def worst_tail(observed: float, n: int, margin: float) -> float:
    """Return the largest probability, over all rates of loss with θ = margin, of a statistic of at least `observed`."""
    import numpy as np

    least_gained = _frontier(n, margin, observed)
    # Rates of loss crowd where few losses are expected: there the discreteness bites most.
    highest = (1.0 - margin) / 2.0
    rates = highest * np.linspace(0.0, 1.0, _STEPS) ** 3
    found = np.array([_tail(rate, n, margin, least_gained) for rate in rates])
    best = int(found.argmax())
    around = np.linspace(rates[max(best - 1, 0)], rates[min(best + 1, _STEPS - 1)], _REFINED)
    refined = max(_tail(rate, n, margin, least_gained) for rate in around)
    return float(min(1.0, max(found.max(), refined)))


def _frontier(n: int, margin: float, observed: float) -> Any:
    """Return, for each number lost, the smallest number gained whose statistic reaches `observed`, shape (n + 1,).

    n − lost + 1 where no number does. The statistic grows with the number gained, so each is found by halving.
    """
    import numpy as np

    lost = np.arange(n + 1)
    short, enough = np.full(n + 1, -1), n - lost + 1
    while np.any(enough - short > 1):
        middle = (short + enough) // 2
        reaches = _statistics(lost, np.maximum(middle, 0), n, margin) >= observed - _TIE
        enough = np.where((enough - short > 1) & reaches, middle, enough)
        short = np.where((enough - short > 1) & ~reaches, middle, short)
    return enough


def _statistics(lost: Any, gained: Any, n: int, margin: float) -> Any:
    """Return `tango_z` for arrays of counts and one positive margin."""
    import numpy as np

    distance = gained - lost - n * margin
    linear = margin * (2.0 * n - gained + lost) - lost - gained
    constant = lost * margin * (1.0 - margin)
    root = np.sqrt(linear * linear + 8.0 * n * constant)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(linear > 0.0, 2.0 * constant / (linear + root), (root - linear) / (4.0 * n))
    return distance / np.sqrt(n * (2.0 * q + margin * (1.0 - margin)))


def _tail(rate: float, n: int, margin: float, least_gained: Any) -> float:
    """Return the probability of reaching the frontier when P(lost) = rate and P(gained) = rate + margin."""
    import numpy as np
    from scipy.special import bdtrc, gammaln, xlog1py, xlogy

    spread = _WINDOW * np.sqrt(n * rate * (1.0 - rate)) + 20.0
    lost = np.arange(max(0, int(n * rate - spread)), min(n, int(n * rate + spread) + 1) + 1)
    log_weight = (
        gammaln(n + 1) - gammaln(lost + 1) - gammaln(n - lost + 1) + xlogy(lost, rate) + xlog1py(n - lost, -rate)
    )
    least = least_gained[lost]
    chance = min(1.0, (rate + margin) / (1.0 - rate))
    # bdtrc(k, m, p) = P(X > k); k = least - 1, and k < 0 means "always", k >= m "never".
    reached = bdtrc(np.clip(least - 1, 0, np.maximum(n - lost - 1, 0)), np.maximum(n - lost, 1), chance)
    reached = np.where(least <= 0, 1.0, np.where(least > n - lost, 0.0, reached))
    return float(np.sum(np.exp(log_weight) * reached))
