"""Forms of problem rows: one file each, and here the order in which a row is held against them."""

from ctlab.problems.rows.gold import GOLD
from ctlab.problems.rows.gsm8k import GSM8K
from ctlab.problems.rows.gsm_hard import GSM_HARD
from ctlab.problems.rows.multi_arith import MULTI_ARITH
from ctlab.problems.rows.row_form import RowForm
from ctlab.problems.rows.svamp import SVAMP

FORMS: tuple[RowForm, ...] = (GOLD, SVAMP, MULTI_ARITH, GSM_HARD, GSM8K)
"""Every form, the plainest column names last: half of all sets have a "question" and an "answer" among others."""
