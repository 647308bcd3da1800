"""The intersection-union test: several parts that must all hold become one effect."""

from collections.abc import Mapping
from dataclasses import replace

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect


def all_of(parts: Mapping[str, Effect], refuting: Mapping[str, Effect], *, null: str) -> Effect:
    """Return one effect that is supported when every part is, and refuted when one part is.

    Parameters
    ----------
    parts : mapping of str to Effect
        The parts by name, each tested at α.
    refuting : mapping of str to Effect
        The same parts, each at α / K for K parts: one refuted part refutes the whole, so K looks are taken.
    null : str
        The null hypothesis, in words: at least one part fails.

    Returns
    -------
    Effect
        The weakest part (largest p-value) with its counts and interval; `refuting` holds the interval of the part
        that lies furthest where the claim is false; `details["parts"]` holds every part.

    Notes
    -----
    Each part may be tested at the full α: for all of them to be supported although one is false, that one's own test
    has to err (Berger).

    References
    ----------
    Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295-300.
    """
    if not parts or set(parts) != set(refuting):
        raise StatisticsError(
            f"The parts of a claim need one effect at α and one at α / K each, got {sorted(parts)} and "
            f"{sorted(refuting)}; compute both for every part."
        )
    weakest = max(parts, key=lambda name: (parts[name].p_value, -inside(parts[name])))
    worst = min(refuting, key=lambda name: inside(refuting[name]))
    effect = parts[weakest]
    return replace(
        effect,
        n=min(part.n for part in parts.values()),
        null=null,
        method=f"all of {len(parts)} tests must reject (intersection-union): {effect.method}",
        refuting=(refuting[worst].low, refuting[worst].high),
        undecided=next((part.undecided for part in parts.values() if part.undecided), ""),
        details={
            "weakest": weakest,
            "worst": worst,
            "parts": {name: part.to_json() for name, part in parts.items()},
        },
    )


def inside(effect: Effect) -> float:
    """Return how far an interval reaches to where the claim is true; negative when it does not reach there at all."""
    if effect.alternative == "equivalence":
        return min(effect.boundary - effect.low, effect.high + effect.boundary)
    return effect.high - effect.boundary if effect.alternative == "greater" else effect.boundary - effect.low
