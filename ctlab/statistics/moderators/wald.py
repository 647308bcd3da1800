"""Wald's interval and test from an estimate and its standard error."""

from statistics import NormalDist

_NORMAL = NormalDist()


def wald(
    estimate: float, error: float, alternative: str, alpha: float, boundary: float = 0.0
) -> tuple[float, float, float, float]:
    """Return low, high, p-value and level for a normal estimate.

    Parameters
    ----------
    estimate, error : float
        Estimate and its standard error, in the same unit.
    alternative : {'greater', 'less', 'two-sided'}
        What is claimed of the estimate against `boundary`.
    alpha : float
        Level of the test; the interval has level 1 − alpha when two-sided, 1 − 2 alpha when one-sided.
    boundary : float
        Value under the null hypothesis.
    """
    tail = alpha / 2.0 if alternative == "two-sided" else alpha
    reach = -_NORMAL.inv_cdf(tail) * error
    z = (estimate - boundary) / error
    if alternative == "two-sided":
        p_value = min(1.0, 2.0 * _NORMAL.cdf(-abs(z)))
    else:
        p_value = _NORMAL.cdf(-z if alternative == "greater" else z)
    return estimate - reach, estimate + reach, p_value, 1.0 - 2.0 * tail
