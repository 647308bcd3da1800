"""Ridge regression on labels: many labellings of the same states at once, each with its own penalty."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError

if TYPE_CHECKING:
    import numpy as np

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)
"""Penalties that are tried, each times the number of rows that are fitted on; columns have unit variance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ridge:
    """States of n rows and D columns, in a form from which any labelling is fitted quickly."""

    mean: "np.ndarray"
    """(D,) mean of each column over the rows that are fitted on."""
    scale: "np.ndarray"
    """(D,) standard deviation of each column over them; 1 for a column that does not vary."""
    left: "np.ndarray"
    """(n, r) left singular vectors of the standardised states."""
    values: "np.ndarray"
    """(r,) singular values, those that are rounding left out."""
    right: "np.ndarray"
    """(r, D) right singular vectors."""

    @classmethod
    def of(cls, states: "np.ndarray") -> "Ridge":
        """Decompose states (n, D), in float64; StatisticsError where they are not a table of finite numbers."""
        import numpy as np

        table = np.asarray(states, dtype=float)
        if table.ndim != 2 or len(table) < 2 or not np.isfinite(table).all():
            raise StatisticsError(
                f"A probe is fitted on a table of finite numbers with at least two rows, got the shape {table.shape}; "
                "measure states of more problems."
            )
        mean, scale = table.mean(0), table.std(0)
        scale = np.where(scale > 1e-12 * np.abs(table).max(initial=0.0), scale, 1.0)
        left, values, right = np.linalg.svd((table - mean) / scale, full_matrices=False)
        there = values > values.max(initial=0.0) * max(table.shape) * np.finfo(float).eps
        return cls(mean=mean, scale=scale, left=left[:, there], values=values[there], right=right[there])

    def fit(self, labels: "np.ndarray", classes: int, penalties: tuple[float, ...] = PENALTIES) -> "Fitted":
        r"""Fit labellings (S, n) of numbers below `classes`, each with the penalty that leaves the least error.

        Notes
        -----
        Each class is regressed on as 1 for its rows and 0 for all others, with an intercept that is not penalised. The
        penalty is that with the least sum of squares when each row is predicted by a fit without it, which needs no
        second fit (Allen 1974): with the fit's matrix H, :math:`e_i / (1 - H_{ii})`. Ties take the larger penalty.

        References
        ----------
        Hoerl AE, Kennard RW (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12,
        55-67.
        Allen DM (1974). The relationship between variable selection and data augmentation and a method for prediction.
        Technometrics 16, 125-127.
        """
        import numpy as np

        labellings, n = labels.shape
        targets = np.zeros((n, labellings, classes))
        targets[np.arange(n)[:, None], np.arange(labellings), labels.T] = 1.0
        intercept = targets.mean(0)  # (S, classes)
        centred = (targets - intercept).reshape(n, -1)
        projected = self.left.T @ centred  # (r, S * classes)
        best, chosen = np.full(labellings, np.inf), np.zeros(labellings, dtype=int)
        order = sorted(range(len(penalties)), key=lambda number: -penalties[number])
        for number in order:
            shrunk = self.values**2 / (self.values**2 + n * penalties[number])
            leverage = 1.0 / n + (self.left**2 @ shrunk)
            left_out = (centred - self.left @ (shrunk[:, None] * projected)) / (1.0 - leverage)[:, None]
            error = (left_out**2).reshape(n, labellings, classes).sum((0, 2))
            better = error < best * (1.0 - 1e-12)
            best, chosen = np.where(better, error, best), np.where(better, number, chosen)
        penalty = np.asarray(penalties)[chosen]
        inverse = self.values[:, None] / (self.values[:, None] ** 2 + n * penalty)  # (r, S)
        weights = inverse[:, :, None] * projected.reshape(-1, labellings, classes)
        return Fitted(ridge=self, intercept=intercept, weights=weights, penalty=penalty)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Fits of S labellings."""

    ridge: Ridge
    """What they were fitted on."""
    intercept: "np.ndarray"
    """(S, classes)"""
    weights: "np.ndarray"
    """(r, S, classes), of the right singular vectors."""
    penalty: "np.ndarray"
    """(S,) penalty of each labelling."""

    def predict(self, states: "np.ndarray") -> "np.ndarray":
        """Return the class (S, m) that each labelling's fit gives each row of states (m, D)."""
        import numpy as np

        ridge = self.ridge
        reduced = ((np.asarray(states, dtype=float) - ridge.mean) / ridge.scale) @ ridge.right.T
        rank, labellings, classes = self.weights.shape
        scores = (reduced @ self.weights.reshape(rank, -1)).reshape(-1, labellings, classes) + self.intercept
        return np.asarray(scores.argmax(-1).T)

    def columns(self, labelling: int = 0) -> "np.ndarray":
        """Return the weights (D, classes) of states as they are, before they are standardised."""
        import numpy as np

        return np.asarray((self.ridge.right.T @ self.weights[:, labelling]) / self.ridge.scale[:, None])
