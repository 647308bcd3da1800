"""One number a problem: where attention goes, how far paths part, what a thought decodes to.

Nothing is imported before it is used, so that reading a claim costs no NumPy.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.measures.attention_flow import hub_excess, question_excess, redistribution
    from ctlab.measures.commitment import committed_after, decoded_after_commitment, same_answers, within_thoughts
    from ctlab.measures.decoded_numbers import decoded_beyond_chance, decoded_change, decoded_rates, intermediates
    from ctlab.measures.decoded_traces import (
        bridges_and_length,
        even_above_odd,
        strata_of_traces,
        traces_and_answers,
        whole_bridges,
        whole_traces,
    )
    from ctlab.measures.divergence import (
        cascade,
        divergence_and_breaking,
        first_parting,
        later_distances,
        strata_of_correct,
    )
    from ctlab.measures.exchange import exchanges
    from ctlab.measures.exchange_at_layers import EXCHANGES_AT_LAYERS, exchanged_layers, follows_more
    from ctlab.measures.exchange_cells import EXCHANGED, EXCHANGES, exchanged_steps
    from ctlab.measures.exchanged_answers import exchange_rates, follows_beyond_chance, follows_beyond_control
    from ctlab.measures.interchange import interchanges
    from ctlab.measures.interchange_rows import interchange_map, interchange_table, shown_pairs
    from ctlab.measures.interchanged_answers import (
        INTERCHANGED,
        INTERCHANGES,
        every_interchange,
        interchanged,
        interchanged_beyond_same,
        interchanged_steps,
        same_value_change,
        with_length,
        within,
    )
    from ctlab.measures.learned_probe import fit_probe, probe_gain
    from ctlab.measures.probe_halves import held_out
    from ctlab.measures.probe_labels import StepNode, StepOperation, StepResult
    from ctlab.measures.ranges import BEYOND_SHUFFLED, DIFFERENCE_OF_SHARES, DISTANCE
    from ctlab.measures.step_decoding import CARRIED, CARRIES, decoded_steps
    from ctlab.measures.what_is_left import IS_LEFT, LEFT, left_without

_HOMES = {
    "BEYOND_SHUFFLED": "ranges",
    "CARRIED": "step_decoding",
    "CARRIES": "step_decoding",
    "DIFFERENCE_OF_SHARES": "ranges",
    "DISTANCE": "ranges",
    "EXCHANGED": "exchange_cells",
    "EXCHANGES": "exchange_cells",
    "INTERCHANGED": "interchanged_answers",
    "INTERCHANGES": "interchanged_answers",
    "EXCHANGES_AT_LAYERS": "exchange_at_layers",
    "IS_LEFT": "what_is_left",
    "LEFT": "what_is_left",
    "StepNode": "probe_labels",
    "StepOperation": "probe_labels",
    "StepResult": "probe_labels",
    "bridges_and_length": "decoded_traces",
    "cascade": "divergence",
    "committed_after": "commitment",
    "decoded_after_commitment": "commitment",
    "decoded_beyond_chance": "decoded_numbers",
    "decoded_change": "decoded_numbers",
    "decoded_rates": "decoded_numbers",
    "decoded_steps": "step_decoding",
    "divergence_and_breaking": "divergence",
    "every_interchange": "interchanged_answers",
    "even_above_odd": "decoded_traces",
    "exchange_rates": "exchanged_answers",
    "exchanged_layers": "exchange_at_layers",
    "exchanged_steps": "exchange_cells",
    "exchanges": "exchange",
    "first_parting": "divergence",
    "fit_probe": "learned_probe",
    "follows_beyond_chance": "exchanged_answers",
    "follows_beyond_control": "exchanged_answers",
    "held_out": "probe_halves",
    "follows_more": "exchange_at_layers",
    "hub_excess": "attention_flow",
    "interchange_map": "interchange_rows",
    "interchange_table": "interchange_rows",
    "interchanged": "interchanged_answers",
    "interchanged_beyond_same": "interchanged_answers",
    "interchanged_steps": "interchanged_answers",
    "interchanges": "interchange",
    "intermediates": "decoded_numbers",
    "later_distances": "divergence",
    "left_without": "what_is_left",
    "probe_gain": "learned_probe",
    "question_excess": "attention_flow",
    "redistribution": "attention_flow",
    "same_answers": "commitment",
    "same_value_change": "interchanged_answers",
    "shown_pairs": "interchange_rows",
    "strata_of_correct": "divergence",
    "with_length": "interchanged_answers",
    "within": "interchanged_answers",
    "strata_of_traces": "decoded_traces",
    "traces_and_answers": "decoded_traces",
    "whole_bridges": "decoded_traces",
    "whole_traces": "decoded_traces",
    "within_thoughts": "commitment",
}
__all__ = [
    "BEYOND_SHUFFLED",
    "CARRIED",
    "CARRIES",
    "DIFFERENCE_OF_SHARES",
    "DISTANCE",
    "EXCHANGED",
    "EXCHANGES",
    "EXCHANGES_AT_LAYERS",
    "INTERCHANGED",
    "INTERCHANGES",
    "IS_LEFT",
    "LEFT",
    "StepNode",
    "StepOperation",
    "StepResult",
    "bridges_and_length",
    "cascade",
    "committed_after",
    "decoded_after_commitment",
    "decoded_beyond_chance",
    "decoded_change",
    "decoded_rates",
    "decoded_steps",
    "divergence_and_breaking",
    "even_above_odd",
    "every_interchange",
    "exchange_rates",
    "exchanged_layers",
    "exchanged_steps",
    "exchanges",
    "first_parting",
    "fit_probe",
    "follows_beyond_chance",
    "follows_beyond_control",
    "follows_more",
    "held_out",
    "hub_excess",
    "interchange_map",
    "interchange_table",
    "interchanged",
    "interchanged_beyond_same",
    "interchanged_steps",
    "interchanges",
    "intermediates",
    "later_distances",
    "left_without",
    "probe_gain",
    "question_excess",
    "redistribution",
    "same_answers",
    "same_value_change",
    "shown_pairs",
    "strata_of_correct",
    "strata_of_traces",
    "traces_and_answers",
    "whole_bridges",
    "whole_traces",
    "with_length",
    "within",
    "within_thoughts",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES)
