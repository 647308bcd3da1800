"""Whether a model does as well as was published, and, where it does not, which wrong setting explains that.

From the ground up: `asked` (a problem and what its answer must be), `expected_answers` and `known_accuracy` (where that
stands), `variant` and `trial` (one thing changed, what came of it), `changed_model`, `forced_pass`, `right_answers`,
`case` (what a cause looks at), `causes/` (one file a cause), `accusation` (who is named, by which rule),
`likely_answers` (how likely right answers are to a variant), `second_look` (the best again, on other problems),
`diagnosis`, `asked_for`, `baseline_run`, `against_published`, `certificate_form`, `terminal_page`, `reproducing`.
Importing it imports no torch.
"""
