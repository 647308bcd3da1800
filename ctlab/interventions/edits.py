"""The ways to edit a thought: what is fed is the thought itself, scaled, moved, or kept in a few of its dimensions.

Like those of `patches`, whose table they stand in, they say *what*, in data and formulas. How much, how many
dimensions, which contrast and which file are a patch's `Edit`. What is fitted is fitted on the half of the problems
that a problem is not in (`halves`), so that no thought has a say in its own edit, and every problem is judged.
docs/edits.md has the rules.
"""

from ctlab.interventions.patch_kind import PatchKind, Source, Vector, Words


class Scale(PatchKind):
    """The thought times a factor: in its own direction or, below 0, the opposite one."""

    by = "scale"
    sources = (Source.PROJECTED, Source.FACTOR)
    exact = False
    neutral = 1.0
    words = Words("is scaled", "are each scaled", "∝", "the thought, scaled")

    @staticmethod
    def vector(projected: Vector, factor: Vector) -> Vector:
        """Each row, as many times as long."""
        return projected * factor

    @staticmethod
    def expected(projected: Vector, factor: Vector) -> Vector:
        """The same of one thought: what is missing, added."""
        return projected + (factor - 1) * projected


class _Moved(PatchKind):
    """The thought and a vector: as long as it is, times a factor."""

    exact = False
    neutral = 0.0

    @staticmethod
    def vector(projected: Vector, moved_by: Vector, factor: Vector) -> Vector:
        """Each row, moved."""
        return projected + factor * moved_by

    @staticmethod
    def expected(projected: Vector, moved_by: Vector, factor: Vector) -> Vector:
        """The same of one thought: where it would be at factor 1, and from there."""
        return (projected + moved_by) + (factor - 1) * moved_by


class _Pushed(PatchKind):
    """The thought and a direction of norm 1: so many of the thought's own lengths."""

    exact = False
    neutral = 0.0

    @staticmethod
    def vector(projected: Vector, direction: Vector, factor: Vector) -> Vector:
        """Each row, pushed."""
        return projected + factor * (projected * projected).sum(axis=-1, keepdims=True) ** 0.5 * direction

    @staticmethod
    def expected(projected: Vector, direction: Vector, factor: Vector) -> Vector:
        """The same of one thought, its length taken as a dot product."""
        return direction * ((projected @ projected) ** 0.5 * factor) + projected


class AddDifference(_Moved):
    """Steering: the thought, moved along the difference of two groups' means, times a factor."""

    by = "add-difference"
    sources = (Source.PROJECTED, Source.DIFFERENCE, Source.FACTOR)
    words = Words(
        "has the difference of two groups' means added",
        "have the difference of two groups' means added to each",
        "Δ",
        "the thought, moved by the difference of two groups' means",
    )


class AddNoise(_Pushed):
    """Steering into no direction that means anything: a random one, in lengths of the thought."""

    by = "add-noise"
    sources = (Source.PROJECTED, Source.DIRECTION, Source.FACTOR)
    words = Words(
        "has a random direction added, in lengths of the thought",
        "have a random direction added to each, in lengths of the thought",
        "±",
        "the thought, moved into a random direction",
    )


class AddGiven(_Pushed):
    """Steering along a direction of a file: a probe's, for example; in lengths of the thought."""

    by = "add-given"
    sources = (Source.PROJECTED, Source.GIVEN, Source.FACTOR)
    words = Words(
        "has a given direction added, in lengths of the thought",
        "have a given direction added to each, in lengths of the thought",
        "+",
        "the thought, moved into a given direction",
    )


class _Onto(PatchKind):
    """What is kept of the thought in a subspace that goes through a centre."""

    exact = False

    @staticmethod
    def vector(centre: Vector, within: Vector) -> Vector:
        """The nearest point of the subspace: the part within it is counted from the centre."""
        return centre + within

    @staticmethod
    def expected(centre: Vector, within: Vector) -> Vector:
        """The same, from the other end."""
        return within - (0 - centre)


class _OutOf(PatchKind):
    """What is left of the thought without its part in a subspace, which is counted from a centre."""

    exact = False

    @staticmethod
    def vector(projected: Vector, within: Vector) -> Vector:
        """Each row without that part."""
        return projected - within

    @staticmethod
    def expected(projected: Vector, within: Vector) -> Vector:
        """The same of one thought: that part, turned round, added."""
        return (0 - within) + projected


class ProjectComponents(_Onto):
    """Kept in its first principal components: those of the other half's thoughts, from their mean."""

    by = "project-components"
    sources = (Source.HALF_MEAN, Source.WITHIN_COMPONENTS)
    words = Words(
        "is kept in its first principal components alone",
        "are each kept in their first principal components alone",
        "⊂",
        "the thought's first principal components",
    )


class RemoveComponents(_OutOf):
    """Without its first principal components: there it is as the other half's mean is."""

    by = "remove-components"
    sources = (Source.PROJECTED, Source.WITHIN_COMPONENTS)
    words = Words(
        "is fed without its first principal components",
        "are each fed without their first principal components",
        "⊄",
        "the thought without its first principal components",
    )


class ProjectRandom(_Onto):
    """The control of `project-components`: kept in as many dimensions, drawn at random, from the same mean."""

    by = "project-random"
    sources = (Source.HALF_MEAN, Source.WITHIN_RANDOM)
    words = Words(
        "is kept in random dimensions alone",
        "are each kept in random dimensions alone",
        "⊆",
        "the thought in random dimensions",
    )


class RemoveRandom(_OutOf):
    """The control of `remove-components`: without as many dimensions, drawn at random."""

    by = "remove-random"
    sources = (Source.PROJECTED, Source.WITHIN_RANDOM)
    words = Words(
        "is fed without random dimensions",
        "are each fed without random dimensions",
        "⊈",
        "the thought without random dimensions",
    )


class ProjectGiven(_Onto):
    """Kept in the subspace of a file."""

    by = "project-given"
    sources = (Source.GIVEN_CENTRE, Source.WITHIN_GIVEN)
    words = Words(
        "is kept in a given subspace alone",
        "are each kept in a given subspace alone",
        "∩",
        "the thought in a given subspace",
    )


class RemoveGiven(_OutOf):
    """Without its part in the subspace of a file: a probe's direction taken out of it, for example."""

    by = "remove-given"
    sources = (Source.PROJECTED, Source.WITHIN_GIVEN)
    words = Words(
        "is fed without its part in a given subspace",
        "are each fed without their part in a given subspace",
        "⊖",
        "the thought without its part in a given subspace",
    )


EDIT_KINDS: tuple[PatchKind, ...] = (
    Scale(),
    AddDifference(),
    AddNoise(),
    AddGiven(),
    ProjectComponents(),
    RemoveComponents(),
    ProjectRandom(),
    RemoveRandom(),
    ProjectGiven(),
    RemoveGiven(),
)
"""Every way to edit a thought."""
