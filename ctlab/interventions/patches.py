"""The ways to disturb a thought, a class each: what is fed in its place, how that is proven, and how reports say it.

A class says *what*, as data and formulas. The engine works out the vectors that the formula takes (`thought_patching`),
and the certificate works them out once more on its own (`certify.patches`); neither knows a way by name. Formulas are
written in operators and methods that NumPy's arrays and torch's tensors share: this file imports neither, because every
suite imports it. Ways that edit the thought itself are in `edits`. How to add a way: docs/adding/patch.md.
"""

from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.interventions.edits import EDIT_KINDS
from ctlab.interventions.patch_kind import PatchKind, Source, Vector, Words
from ctlab.records.own_functions import nearest


class _Copy(PatchKind):
    """Feeds its one source as it is."""

    exact = True

    @staticmethod
    def vector(source: Vector) -> Vector:
        return source

    @staticmethod
    def expected(source: Vector) -> Vector:
        return source

    @property
    def restores(self) -> bool:
        return self.sources == (Source.UNDISTURBED,)


class _AtOwnNorm(PatchKind):
    """Feeds its second source in the length of the thought that it replaces: another length disturbs by itself."""

    exact = False

    @staticmethod
    def vector(projected: Vector, source: Vector) -> Vector:
        """Each row of the source, stretched; a row of zeros has no direction and stays one."""
        squares = (source * source).sum(axis=-1, keepdims=True)
        return source * ((projected * projected).sum(axis=-1, keepdims=True) / (squares + (squares == 0))) ** 0.5

    @staticmethod
    def expected(projected: Vector, source: Vector) -> Vector:
        """The same of one thought: its length times the source's direction."""
        length = (source @ source) ** 0.5
        return source if length == 0 else (projected @ projected) ** 0.5 * (source / length)


class Zero(PatchKind):
    """Zero ablation: a vector of zeros."""

    by = "zero"
    sources = ()
    exact = True
    words = Words("is replaced by zero", "are replaced by zero", "0", "zero")

    @staticmethod
    def vector() -> Vector:
        """Nothing is needed to make it."""
        return 0.0

    @staticmethod
    def expected() -> Vector:
        """Zero in every place."""
        return 0.0


class Mean(_Copy):
    """Mean ablation: the mean of this thought over the problem set."""

    by = "mean"
    sources = (Source.MEAN,)
    exact = False  # a sum in another order rounds otherwise
    words = Words(
        "is replaced by its mean over the problems",
        "are each replaced by their mean over the problems",
        "x̄",
        "the mean over the problems",
    )


class Noise(PatchKind):
    """Noise of the norm of the thought that it replaces, so that only the direction is lost."""

    by = "noise"
    sources = (Source.PROJECTED, Source.DIRECTION)
    exact = False
    words = Words(
        "is replaced by noise of the same norm",
        "are each replaced by noise of the same norm",
        "~",
        "noise of the same norm",
    )

    @staticmethod
    def vector(projected: Vector, direction: Vector) -> Vector:
        """The direction, as long as each row's thought."""
        return direction * (projected * projected).sum(axis=-1, keepdims=True) ** 0.5

    @staticmethod
    def expected(projected: Vector, direction: Vector) -> Vector:
        """The same of one thought, its length taken as a dot product."""
        return (projected @ projected) ** 0.5 * direction


class Resample(_Copy):
    """Resampling: the same thought of another problem."""

    by = "resample"
    sources = (Source.RESAMPLED,)
    words = Words(
        "is replaced by that of another problem",
        "are replaced by those of another problem",
        "⇄",
        "another problem's thought",
    )


class Matched(_Copy):
    """Exchange: the same thought of a problem that is alike, but for the result of one step and what follows of it."""

    by = "matched"
    sources = (Source.OTHER_RESULT,)
    words = Words(
        "is replaced by that of a problem of the same shape with another result",
        "are replaced by those of a problem of the same shape with another result",
        "≠",
        "the thought of a problem of the same shape with another result",
    )


class MatchedSame(_Copy):
    """The control of an exchange: the same thought of a problem that has the result of one step in common, no more."""

    by = "matched-same"
    sources = (Source.SAME_RESULT,)
    words = Words(
        "is replaced by that of a problem of the same shape with the same result and other numbers elsewhere",
        "are replaced by those of a problem of the same shape with the same result and other numbers elsewhere",
        "≈",
        "the thought of a problem of the same shape with the same result and other numbers elsewhere",
    )


class Itself(_Copy):
    """The same thought of the problem's own undisturbed run: the no-op that controls resampling."""

    by = "self"
    sources = (Source.UNDISTURBED,)
    words = Words("is replaced by itself", "are each replaced by themselves", "=", "the thought itself")


class Decoded(_Copy):
    """The embedding of the token that the thought decodes to."""

    by = "decoded"
    sources = (Source.DECODED,)
    words = Words(
        "is replaced by the embedding of the token that it decodes to",
        "are each replaced by the embedding of the token that they decode to",
        "a",
        "the token that it decodes to",
    )


class DecodedAtOwnNorm(_AtOwnNorm):
    """The embedding of the token that the thought decodes to, as long as the thought."""

    by = "decoded-own-norm"
    sources = (Source.PROJECTED, Source.DECODED)
    words = Words(
        "is replaced by the embedding of the token that it decodes to, at the thought's own norm",
        "are each replaced by the embedding of the token that they decode to, at the thought's own norm",
        "â",
        "the token that it decodes to, at the thought's norm",
    )


class MeanAtOwnNorm(_AtOwnNorm):
    """The mean of this thought over the problem set, as long as the thought."""

    by = "mean-own-norm"
    sources = (Source.PROJECTED, Source.MEAN)
    words = Words(
        "is replaced by its mean over the problems, at its own norm",
        "are each replaced by their mean over the problems, at their own norm",
        "µ",
        "the mean over the problems, at the thought's norm",
    )


class ResampleAtOwnNorm(_AtOwnNorm):
    """The same thought of another problem, as long as the problem's own."""

    by = "resample-own-norm"
    sources = (Source.PROJECTED, Source.RESAMPLED)
    words = Words(
        "is replaced by that of another problem, at its own norm",
        "are replaced by those of another problem, at their own norm",
        "⇌",
        "another problem's thought, at the thought's norm",
    )


class ResampleNorm(_AtOwnNorm):
    """The other way round: the thought itself, as long as the same thought of another problem."""

    by = "resample-norm"
    sources = (Source.RESAMPLED, Source.PROJECTED)
    words = Words(
        "is fed at the norm of that of another problem",
        "are each fed at the norm of that of another problem",
        "‖",
        "the thought, at the norm of another problem's",
    )


class Baseline(_Copy):
    """Denoising: a run that something else disturbs is given back what its undisturbed run was fed."""

    by = "baseline"
    sources = (Source.UNDISTURBED,)
    words = Words("is given back as baseline had it", "are given back as baseline had them", "↺", "baseline's thought")


PATCH_KINDS = {
    kind.by: kind
    for kind in (
        Zero(),
        Mean(),
        Noise(),
        Resample(),
        Itself(),
        Decoded(),
        Baseline(),
        DecodedAtOwnNorm(),
        MeanAtOwnNorm(),
        ResampleAtOwnNorm(),
        Matched(),
        MatchedSame(),
        ResampleNorm(),
        *EDIT_KINDS,
    )
}
"""Every way by its name."""


def kind_by(name: object) -> PatchKind:
    """Look a way up, refusing one that there is not."""
    if not isinstance(name, str) or name not in PATCH_KINDS:
        near = nearest(name, PATCH_KINDS) if isinstance(name, str) else ""
        raise ConditionError(f"'by' of a patch must be one of {', '.join(PATCH_KINDS)}; not {shown(name)}{near}")
    return PATCH_KINDS[name]
