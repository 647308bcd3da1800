"""Whether a model does as well as was published, and, where it does not, which wrong setting explains that.

From the ground up: `asked` (a problem and what its answer should be), `expected_answers` and `known_accuracy` (where that
stands), `variant` and `trial` (one thing changed, and what came of it), `changed_model`, `forced_pass`, `case` (what a cause
looks at), `causes/` (one file a cause), `accusation` (who is named, by which rule), `diagnosis`, `baseline_run`, `outcome`,
`certificate_form`, `terminal_page`. Importing it imports no torch.
"""
