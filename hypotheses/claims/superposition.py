"""Whether thoughts search breadth first: what the states that they are made of say of a graph's entities.

Of the embedded graphs' models (docs/tiny_graphs.md), which were trained from scratch, and with a loss that asks the
position before each thought for one entity, the way's own. That thoughts decode to entities of the way is therefore no
finding here. That they decode to others of the same frontier would be one: the loss speaks against it, as a search that
goes breadth first does for it.

There is no harmless token to hide: every one of a question is a fact or what is asked (docs/probabilities.md has what
hiding one costs). In its place stands a condition under which the claim must not hold.
"""

from collections.abc import Sequence

from ctlab.claims import Claim, Control, Direction, Family, Kind, Shows
from hypotheses.claims.shared import controls

_CUT = Control(condition="ct0_cut_from_question", shows=Shows.NOT_SO)
"""Where begin and CT0 cannot read the question, the states before CT0 and CT1 know no graph."""


def _claim(
    id: str,
    statement: str,
    source: str,
    margin: float,
    shown: Sequence[Control] = (_CUT,),
    direction: Direction = Direction.INCREASE,
    conditions: tuple[str, ...] = ("baseline",),
) -> Claim:
    return Claim(
        id=id,
        family="superposition",
        statement=statement,
        kind=Kind.MEAN,
        direction=direction,
        margin=margin,
        conditions=conditions,
        problems="tiny-graphs",
        controls=(*controls(), *shown),
        source=source,
        needs="P",
    )


SUPERPOSITION = Family(
    name="superposition",
    claims=(
        _claim(
            "frontier-beyond-unreachable",
            "At CT0 and CT1, an entity that follows from the asked person in exactly as many hops holds more "
            "probability than one equally far from the other person that does not follow, by more than 10 points.",
            "arXiv 2412.06769: thoughts do breadth-first search",
            0.1,
        ),
        _claim(
            "beside-the-way-beyond-unreachable",
            "At CT0 and CT1, an entity of the frontier beside the way to the candidate holds more probability than one "
            "beside the other person's way, equally far, by more than 5 points: the whole frontier is held.",
            "arXiv 2412.06769: a thought encodes several alternative next steps; following the way would hold none",
            0.05,
        ),
        _claim(
            "way-beyond-frontier",
            "At CT0 and CT1, the entity on the way to the candidate holds more probability than one of the same "
            "frontier beside it, by more than 50 points: thoughts follow the way.",
            "the rival of arXiv 2412.06769's search; the step loss of these models asks for it",
            0.5,
        ),
        _claim(
            "search-narrows",
            "An entity of the frontier beside the way holds more probability at CT0 than one does at CT2.",
            "arXiv 2412.06769: early thoughts explore, later ones narrow the search",
            0.0,
        ),
        _claim(
            "thoughts-are-single-threaded",
            "At CT0, CT1 and CT2 one entity holds more than 80 percent of all probability.",
            "arXiv 2508.03440, of soft thinking: one thread dominates; here of recycled states",
            0.8,
        ),
        _claim(
            "search-goes-on-through-ct0",
            "Hiding CT0 from later positions takes more than 10 points of probability from the frontier at CT2.",
            "arXiv 2412.06769: each thought expands the frontier that the one before it holds",
            0.1,
            (Control(condition="ct0_blocked", shows=Shows.BITES),),
            direction=Direction.DECREASE,
            conditions=("baseline", "ct0_blocked"),
        ),
    ),
)
