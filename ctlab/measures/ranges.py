"""Between which numbers a measure lies, whatever the problem and the model: the bounds of a claim about its mean."""

import math

DIFFERENCE_OF_SHARES = (-1.0, 1.0)
"""Of `hub_excess`, `redistribution`, `question_excess`, `decoded_beyond_chance`, `decoded_change`, `probe_gain` and the
cells of `exchanged_steps`: a share lies between 0 and 1, and so does what it is compared with."""
DISTANCE = (0.0, math.inf)
"""Of `later_distances`: a distance relative to a length is not below 0, and has no largest value."""
BEYOND_SHUFFLED = (-2.0, 2.0)
"""Of the cells of `decoded_steps` and `left_without`, and of `whole_traces`, `whole_bridges` and `even_above_odd`: a
match less two shuffled shares, plus their mean."""
