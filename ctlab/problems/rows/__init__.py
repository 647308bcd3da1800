"""Forms of problem rows: one file each, and here the order in which a row is held against them."""

from ctlab.problems.rows.coconut import COCONUT
from ctlab.problems.rows.commonsense_qa import COMMONSENSE_QA
from ctlab.problems.rows.gold import GOLD
from ctlab.problems.rows.gsm8k import GSM8K
from ctlab.problems.rows.gsm8k_aug import GSM8K_AUG
from ctlab.problems.rows.gsm_hard import GSM_HARD, GSM_HARD_HUB
from ctlab.problems.rows.multi_arith import MULTI_ARITH, MULTI_ARITH_AUTHORS
from ctlab.problems.rows.multiple_choice import MULTIPLE_CHOICE
from ctlab.problems.rows.plain_answer import PLAIN_ANSWER
from ctlab.problems.rows.prontoqa import PRONTOQA
from ctlab.problems.rows.prosqa import PROSQA
from ctlab.problems.rows.row_form import RowForm
from ctlab.problems.rows.svamp import SVAMP

FORMS: tuple[RowForm, ...] = (
    GOLD,
    SVAMP,
    MULTI_ARITH,
    MULTI_ARITH_AUTHORS,
    GSM_HARD,
    GSM_HARD_HUB,
    PRONTOQA,
    COMMONSENSE_QA,
    MULTIPLE_CHOICE,
    PROSQA,
    GSM8K,
    GSM8K_AUG,
    COCONUT,
    PLAIN_ANSWER,
)
"""Every form, the plainest column names last: half of all sets have a "question" and an "answer" among others."""
