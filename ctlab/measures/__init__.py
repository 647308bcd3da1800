"""One number a problem: where attention goes, how far paths part, what a thought decodes to.

Nothing is imported before it is used, so that reading a claim costs no NumPy.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.measures.attention_flow import hub_excess, question_excess, redistribution
    from ctlab.measures.commitment import committed_after, decoded_after_commitment, same_answers, within_thoughts
    from ctlab.measures.decoded_numbers import decoded_beyond_chance, decoded_change, decoded_rates, intermediates
    from ctlab.measures.divergence import (
        cascade,
        divergence_and_breaking,
        first_parting,
        later_distances,
        strata_of_correct,
    )
    from ctlab.measures.exchange import exchanges
    from ctlab.measures.exchange_cells import EXCHANGED, EXCHANGES, exchanged_steps
    from ctlab.measures.exchanged_answers import exchange_rates, follows_beyond_chance, follows_beyond_control
    from ctlab.measures.probabilities import (
        BRIER,
        OVERCONFIDENCE,
        brier,
        gold_log_probability,
        gold_margin,
        log_probability_change,
        overconfidence,
        own_answers,
        own_probability,
    )
    from ctlab.measures.ranges import BEYOND_SHUFFLED, DIFFERENCE_OF_SHARES, DISTANCE
    from ctlab.measures.step_decoding import CARRIED, CARRIES, decoded_steps
    from ctlab.measures.superposition import (
        SHARE,
        beside_beyond_unreachable,
        entity_texts,
        frontier_beyond_unreachable,
        largest_share,
        mass_narrows,
        reachable_change,
        way_beyond_beside,
    )
    from ctlab.measures.what_is_left import IS_LEFT, LEFT, left_without

_HOMES = {
    "BEYOND_SHUFFLED": "ranges",
    "BRIER": "probabilities",
    "CARRIED": "step_decoding",
    "CARRIES": "step_decoding",
    "DIFFERENCE_OF_SHARES": "ranges",
    "DISTANCE": "ranges",
    "EXCHANGED": "exchange_cells",
    "EXCHANGES": "exchange_cells",
    "IS_LEFT": "what_is_left",
    "LEFT": "what_is_left",
    "OVERCONFIDENCE": "probabilities",
    "SHARE": "superposition",
    "beside_beyond_unreachable": "superposition",
    "brier": "probabilities",
    "cascade": "divergence",
    "committed_after": "commitment",
    "decoded_after_commitment": "commitment",
    "decoded_beyond_chance": "decoded_numbers",
    "decoded_change": "decoded_numbers",
    "decoded_rates": "decoded_numbers",
    "decoded_steps": "step_decoding",
    "divergence_and_breaking": "divergence",
    "entity_texts": "superposition",
    "exchange_rates": "exchanged_answers",
    "exchanged_steps": "exchange_cells",
    "exchanges": "exchange",
    "first_parting": "divergence",
    "follows_beyond_chance": "exchanged_answers",
    "follows_beyond_control": "exchanged_answers",
    "frontier_beyond_unreachable": "superposition",
    "gold_log_probability": "probabilities",
    "gold_margin": "probabilities",
    "hub_excess": "attention_flow",
    "intermediates": "decoded_numbers",
    "largest_share": "superposition",
    "later_distances": "divergence",
    "left_without": "what_is_left",
    "log_probability_change": "probabilities",
    "mass_narrows": "superposition",
    "overconfidence": "probabilities",
    "own_answers": "probabilities",
    "own_probability": "probabilities",
    "question_excess": "attention_flow",
    "reachable_change": "superposition",
    "redistribution": "attention_flow",
    "same_answers": "commitment",
    "strata_of_correct": "divergence",
    "way_beyond_beside": "superposition",
    "within_thoughts": "commitment",
}
__all__ = [
    "BEYOND_SHUFFLED",
    "BRIER",
    "CARRIED",
    "CARRIES",
    "DIFFERENCE_OF_SHARES",
    "DISTANCE",
    "EXCHANGED",
    "EXCHANGES",
    "IS_LEFT",
    "LEFT",
    "OVERCONFIDENCE",
    "SHARE",
    "beside_beyond_unreachable",
    "brier",
    "cascade",
    "committed_after",
    "decoded_after_commitment",
    "decoded_beyond_chance",
    "decoded_change",
    "decoded_rates",
    "decoded_steps",
    "divergence_and_breaking",
    "entity_texts",
    "exchange_rates",
    "exchanged_steps",
    "exchanges",
    "first_parting",
    "follows_beyond_chance",
    "follows_beyond_control",
    "frontier_beyond_unreachable",
    "gold_log_probability",
    "gold_margin",
    "hub_excess",
    "intermediates",
    "largest_share",
    "later_distances",
    "left_without",
    "log_probability_change",
    "mass_narrows",
    "overconfidence",
    "own_answers",
    "own_probability",
    "question_excess",
    "reachable_change",
    "redistribution",
    "same_answers",
    "strata_of_correct",
    "way_beyond_beside",
    "within_thoughts",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES)
