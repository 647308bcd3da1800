"""What thoughts say of the worked solution: whole traces, results before the last, and at which thoughts."""

from ctlab.claims import Claim, Direction, Family, Kind
from hypotheses.claims.shared import controls

_EVEN_AND_ODD = "Scratchpad Thinking (workshop 2025): even steps store, odd steps compute"
_BRIDGES = "arXiv 2602.00449: full bridges at two and three hops, partial beyond"
_TRACES = "arXiv 2604.04902: gold traces are decodable for 65 to 93 percent of correct predictions"
_TRAINED = (
    "the embedded model's training rewards each thought for decoding to the next result of the worked solution (the "
    "step loss), so that the claim is true there by construction"
)
_LATER, _ANSWER, _THOUGHTS = (f"question_control_{readers}" for readers in ("later", "answer", "thoughts"))

DECODING = Family(
    name="decoding",
    claims=(
        Claim(
            id="gold-traces-are-decodable",
            family="decoding",
            statement="Of problems answered right, in over 65 points more than when problems are shuffled, every "
            "result of the worked solution that the question does not state is among the five most probable tokens of "
            "some thought.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.65,
            conditions=("baseline",),
            controls=controls(negative=_LATER),
            source=_TRACES,
            positive_control=_TRAINED,
            needs="H",
        ),
        Claim(
            id="decodable-traces-are-answered-right",
            family="decoding",
            statement="Among problems of as many operations, the whole worked solution can be decoded from the "
            "thoughts of those answered right more often than of those answered wrong, by over 20 points (an "
            "area of .6).",
            kind=Kind.AUC,
            direction=Direction.INCREASE,
            margin=0.1,
            adjust=("n_operations",),
            conditions=("baseline",),
            controls=controls(negative=_LATER),
            source=f"{_TRACES}, and for far fewer incorrect ones",
            needs="H",
        ),
        Claim(
            id="even-thoughts-say-results",
            family="decoding",
            statement="Beyond shuffled problems, thoughts of even number (CT0, CT2, …) say an intermediate result in "
            "over 10 points more of the problems than the thoughts beside them do.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline",),
            controls=controls(negative=_LATER),
            source=_EVEN_AND_ODD,
            needs="H",
        ),
        Claim(
            id="answers-read-even-thoughts",
            family="decoding",
            statement="Hiding CT0, CT2 and CT4 from the answer costs more accuracy than hiding CT1, CT3 and CT5 "
            "from it.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "even_from_answer", "odd_from_answer"),
            controls=controls("even_from_answer", "odd_from_answer", negative=_ANSWER),
            source=_EVEN_AND_ODD,
        ),
        Claim(
            id="last-thoughts-read-even-thoughts",
            family="decoding",
            statement="Hiding CT0 and CT2 from CT4 and CT5 costs more accuracy than hiding CT1 and CT3 from them.",
            kind=Kind.MORE_THAN,
            direction=Direction.INCREASE,
            conditions=("baseline", "even_from_last", "odd_from_last"),
            controls=controls("even_from_last", "odd_from_last", negative=_THOUGHTS),
            source=_EVEN_AND_ODD,
        ),
        Claim(
            id="bridges-are-whole-at-two-and-three-steps",
            family="decoding",
            statement="Of problems of two and three steps, in over 80 points more than when problems are shuffled, "
            "every result before the last is among the five most probable tokens of some thought.",
            kind=Kind.MEAN,
            direction=Direction.INCREASE,
            margin=0.8,
            conditions=("baseline",),
            controls=controls(negative=_LATER),
            source=_BRIDGES,
            positive_control=_TRAINED,
            needs="H",
        ),
        Claim(
            id="bridges-are-partial-beyond-three-steps",
            family="decoding",
            statement="A larger share of the results before the last can be decoded from the thoughts of problems of "
            "two and three steps than of longer ones (an area of over .6).",
            kind=Kind.AUC,
            direction=Direction.INCREASE,
            margin=0.1,
            conditions=("baseline",),
            controls=controls(negative=_LATER),
            source=_BRIDGES,
            needs="H",
        ),
    ),
)
