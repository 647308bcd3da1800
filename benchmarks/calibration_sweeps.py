"""How often what is said of a whole sweep is wrong: a cell marked, an interval missed, the largest one overstated."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from statsmodels.stats.multitest import multipletests

from ctlab.records import Effect
from ctlab.statistics.many.discordance import Discordance, cluster_numbers, discordance
from ctlab.statistics.many.exact_interval import exact_interval, sign_test_p
from ctlab.statistics.many.held_out import one_difference
from ctlab.statistics.many.shared_level import largest_differences

ALPHA = 0.05
N, CELLS = 1319, 72
DRAWS = 1000


@dataclass(frozen=True, kw_only=True)
class Design:
    """True losses of a sweep's cells, and how problems carry them."""

    name: str
    loss: Mapping[int, float] = field(default_factory=dict)
    """True loss by cell, a proportion; of the others `elsewhere`."""
    elsewhere: float = 0.0
    """Loss of every other cell."""
    moved: float = 0.03
    """Share of problems that each cell loses, and as many it gains, besides."""
    still: float = 0.0
    """Share of the cells that change nothing at all."""
    right: float = 0.8
    """Rate under the baseline."""
    shared: float = 0.5
    """Share of problems whose luck is the same in all cells."""
    copies: int = 1
    """How often each problem is there."""
    clustered: bool = False
    """Whether the statistics are told which problems are copies."""
    n: int = N
    """Problems, copies included."""
    holds: bool = True
    """False where problems depend on each other and nobody says so."""

    @property
    def differences(self) -> np.ndarray:
        """True difference of each cell."""
        found = np.full(CELLS, -self.elsewhere)
        found[: round(self.still * CELLS)] = 0.0
        for cell, loss in self.loss.items():
            found[cell] = -loss
        return found

    def draw(self, generator: np.random.Generator) -> np.ndarray:
        """(1 + cells, problems): right or wrong, the baseline first."""
        fates = -(-self.n // self.copies)
        before, shared = generator.random(fates) < self.right, generator.random(fates)
        luck = np.where(generator.random(fates) < self.shared, shared, generator.random((CELLS, fates)))
        loss = -self.differences[:, None]
        moved = np.where(np.arange(CELLS) < round(self.still * CELLS), 0.0, self.moved)[:, None]
        after = np.where(before, luck >= (loss + moved) / self.right, luck < moved / (1.0 - self.right))
        rows = np.repeat(np.concatenate([before[None], after]), self.copies, axis=1)
        return rows[:, : self.n]

    @property
    def clusters(self) -> Sequence[int] | None:
        """What the statistics are told."""
        return (np.arange(self.n) // self.copies).tolist() if self.clustered else None

    def half(self, generator: np.random.Generator) -> np.ndarray:
        """Halves by chance, copies of a problem in one where that is known."""
        unit = self.copies if self.clustered else 1
        halves = generator.permutation(-(-self.n // unit)) % 2
        return np.repeat(halves, unit)[: self.n]


DESIGNS = (
    Design(name="nothing differs"),
    Design(name="nothing differs, each cell's luck its own", shared=0.0),
    Design(name="nothing differs, all cells share nine tenths of it", shared=0.9),
    Design(name="nothing differs, 3 of 1,319 problems change", moved=0.0012),
    Design(name="nothing differs, 200 problems", n=200),
    Design(name="half of the cells change nothing at all", still=0.5),
    Design(name="every cell loses 1 point and gains nothing", elsewhere=0.01, moved=0.0),
    Design(name="6 cells lose 4 points", loss=dict.fromkeys(range(6), 0.04)),
    Design(name="one cell loses 5 points, one 4.5", loss={10: 0.05, 11: 0.045}),
    Design(name="every problem twice, said", copies=2, clustered=True),
    Design(name="every problem five times, said", copies=5, clustered=True),
    Design(name="every problem twice, not said", copies=2, holds=False),
)


@dataclass(frozen=True, kw_only=True)
class Together:
    """Shares of simulated sweeps."""

    marked: float
    """Some cell without a difference is marked (Holm)."""
    marked_joint: float
    """The same, by what cells share."""
    missed: float
    """Some interval misses its cell's truth (Bonferroni)."""
    missed_joint: float
    """The same, by what cells share."""
    false: float
    """False ones among the discoveries (Benjamini and Hochberg), mean share."""
    false_any: float
    """The same by Benjamini and Yekutieli."""
    worth: float
    """How many independent cells all of them are worth by what they share: α over each one's own, mean."""


@dataclass(frozen=True, kw_only=True)
class Largest:
    """What is said of the cell that loses most, over simulated sweeps."""

    naive_bias: float
    """Picked and measured on all problems: mean of estimate minus truth, a proportion."""
    naive_missed: float
    """How often its 90 % interval misses."""
    bias: float
    """Picked on one half, measured on the other: the same."""
    missed: float
    """How often its 90 % interval misses."""
    supported: float
    """How often p ≤ α although the picked cell loses nothing."""
    crossed: float
    """How often the 90 % interval of both halves misses the mean of what both picked."""
    stands_out: float
    """How often it is said to lose more than every other cell although it does not."""


def together(design: Design, runs: int, seed: int = 0) -> Together:
    """Judge all cells of many sweeps of a design, by the parts that `cell_differences` is made of."""
    gc.freeze()  # statsmodels collects garbage at each of its corrections, which takes longer than all else
    true, found = design.differences, []
    clusters = cluster_numbers(design.clusters, design.n)
    counts: list[Discordance] = []
    for run in range(runs):
        right = design.draw(np.random.default_rng([seed, run]))
        counts.append(discordance(right[0], right[1:], clusters))
        p = sign_test_p(*counts[-1].effective[:2], "two-sided")
        largest = largest_differences(right, clusters, draws=DRAWS, seed=run)
        share, null = largest.share(ALPHA), true == 0.0
        holm, rate, any_way = (multipletests(p, ALPHA, method=name)[0] for name in ("holm", "fdr_bh", "fdr_by"))
        found.append(
            [
                holm[null].any(),
                (largest.chance(p) <= ALPHA)[null].any(),
                # Of no difference an interval says what the test says; so only true ones need intervals.
                (p < share)[null].any() or (not null.all() and misses(counts[-1:], true, share).any()),
                rate[null].sum() / max(rate.sum(), 1),
                any_way[null].sum() / max(any_way.sum(), 1),
                ALPHA / share,
            ]
        )
    marked, marked_joint, missed_joint, false, false_any, worth = map(float, np.mean(found, axis=0))
    return Together(
        marked=marked,
        marked_joint=marked_joint,
        missed=float(misses(counts, true, ALPHA / CELLS).mean()),
        missed_joint=missed_joint,
        false=false,
        false_any=false_any,
        worth=worth,
    )


def misses(counts: Sequence[Discordance], true: np.ndarray, share: float) -> np.ndarray:
    """(sweeps,): whether any interval misses its cell's truth, each cell at its share of α."""
    lost, gained, n = (np.concatenate(each) for each in zip(*(one.effective for one in counts), strict=True))
    low, high = (ends.reshape(len(counts), -1) for ends in exact_interval(lost, gained, n, share / 2.0))
    found: np.ndarray = ((low > true) | (high < true)).any(axis=1)
    return found


def largest(design: Design, runs: int, seed: int = 0) -> Largest:
    """Pick the cell that loses most in many sweeps of a design, by the parts that `held_out_most` is made of."""
    true, found = design.differences, []
    for run in range(runs):
        generator = np.random.default_rng([seed, run])
        right, half = design.draw(generator), design.half(generator)
        every, one, other = (Half.of(design, right[:, part]) for part in (half >= 0, half == 0, half == 1))
        naive, effect = every.measured(every.most, ALPHA), other.measured(one.most, ALPHA)
        crossed = [(other, one.most), (one, other.most)]
        both = [(half.n / design.n, half.measured(cell, ALPHA / 2.0), true[cell]) for half, cell in crossed]
        low, high, mean = (
            sum(weight * value for weight, value in each)
            for each in (
                [(weight, each.low) for weight, each, _ in both],
                [(weight, each.high) for weight, each, _ in both],
                [(weight, at) for weight, _, at in both],
            )
        )
        least = np.delete(true, one.most).min() - true[one.most]
        found.append(
            [
                naive.estimate - true[every.most],
                not naive.low <= true[every.most] <= naive.high,
                effect.estimate - true[one.most],
                not effect.low <= true[one.most] <= effect.high,
                effect.p_value <= ALPHA and true[one.most] >= 0.0,
                not low <= mean <= high,
                least <= 0.0 and other.stands_out(one.most) <= ALPHA,
            ]
        )
    return Largest(**dict(zip(Largest.__annotations__, map(float, np.mean(found, axis=0)), strict=True)))


@dataclass(frozen=True, kw_only=True)
class Half:
    """Some problems of a sweep."""

    right: np.ndarray
    """(1 + cells, problems)."""
    clusters: np.ndarray | None
    """(problems,) or None."""

    @classmethod
    def of(cls, design: Design, right: np.ndarray) -> "Half":
        """Return a part of a sweep's problems, in which copies still stand side by side."""
        told = np.arange(right.shape[1]) // design.copies if design.clustered else None
        return cls(right=right, clusters=told)

    @property
    def n(self) -> int:
        """Problems."""
        return self.right.shape[1]

    @property
    def most(self) -> int:
        """The cell that loses most."""
        return int(self.right[1:].sum(axis=1).argmin())

    def measured(self, cell: int, alpha: float) -> Effect:
        """Return a cell's difference."""
        told = (self.right[0], self.right[cell + 1], self.clusters)
        return one_difference(*told, margin=0.0, alternative="less", alpha=alpha)

    def stands_out(self, cell: int) -> float:
        """Return p of a cell losing no more than some other one."""
        others = np.delete(self.right[1:], cell, axis=0)
        gaps = discordance(np.broadcast_to(self.right[cell + 1], others.shape), others, self.clusters)
        return float(sign_test_p(*gaps.effective[:2], "greater").max())


def together_rows(runs: int, allowed: float) -> Iterator[list[str]]:
    """Rows of the table of all cells; bold where more is wrong than α and three standard errors."""
    for design in DESIGNS:
        found = together(design, runs)
        wrong = (found.marked, found.marked_joint, found.missed, found.missed_joint, found.false, found.false_any)
        said = [f"**{share:.4f}**" if share > allowed else f"{share:.4f}" for share in wrong]
        yield [design.name, *said, f"{found.worth:.0f}"]


def largest_rows(runs: int, allowed: float, allowed_both: float) -> Iterator[list[str]]:
    """Rows of the table of the cell that loses most; an interval has two ends, and may miss twice as often."""
    for design in DESIGNS:
        found = largest(design, runs)
        limits = (allowed_both, allowed, allowed_both, allowed)
        wrong = zip((found.missed, found.supported, found.crossed, found.stands_out), limits, strict=True)
        yield [
            design.name,
            *(points(found.naive_bias), f"{found.naive_missed:.4f}", points(found.bias)),
            *(f"**{share:.4f}**" if share > most else f"{share:.4f}" for share, most in wrong),
        ]


def points(difference: float) -> str:
    """Write a bias in points."""
    return f"{100 * difference:+.2f}".replace("-", "−")
