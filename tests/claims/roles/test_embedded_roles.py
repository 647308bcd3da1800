"""The embedded model, trained so that each thought decodes to the next result, is described as that."""

from pathlib import Path

import pytest

from ctlab.claims.roles import RoleName, explanation, roles_of
from ctlab.lab import ClaimRun, ConsoleLog
from ctlab.lab.claim_rows import claim_row, judged
from ctlab.measures import (
    BEYOND_SHUFFLED,
    CARRIED,
    CARRIES,
    DIFFERENCE_OF_SHARES,
    EXCHANGED,
    EXCHANGES,
    decoded_steps,
    exchanged_steps,
)
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.settings import Settings
from ctlab.statistics import idle_thoughts, needed_where, some_measured_mean
from fixtures.conditions import pytest_ctlab_conditions
from hypotheses.registry import ROLE
from tests.claims.roles.test_explanation import check_quoted

pytestmark = [
    pytest.mark.long,  # the gate judges these claims on all problems, and describes planted models and small ones
    pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained"),
]
EXCHANGE = "exchanging-a-thought-exchanges-the-answer"
ROOT = Path(__file__).parents[3]


class Suite:
    def conditions(self, card):
        return pytest_ctlab_conditions(card)

    def engine(self, settings):
        return None


def test_the_embedded_model_is_described_rightly(tmp_path):
    settings = Settings(
        recorded={}, store=tmp_path / "store", report=tmp_path / "report", registry="hypotheses.registry"
    )
    claims = ("thoughts-are-needed-somewhere", "thoughts-carry-steps", "some-thought-is-idle", EXCHANGE)
    run = ClaimRun(settings, ROOT, Suite(), ConsoleLog())
    run.select([ROLE[name] for name in claims])
    run.lab.plan(["baseline", *(f"ct{k}_blocked" for k in range(6)), *ROLE[EXCHANGE].conditions[1:]])
    needed, carry, idle, exchange = (run.pending(ROLE[name]) for name in claims)
    baseline, treated = run.run("baseline"), [run.run(f"ct{k}_blocked") for k in range(6)]
    needed.judge(needed_where(baseline, treated, needed, feature="n_operations"))
    run.lab.probes.plan(["baseline"])
    cells = decoded_steps(run.lab.probes.measurement("baseline"), baseline.problems)
    carry.judge(some_measured_mean(cells, carry, asks=CARRIES, labels=CARRIED, bounds=BEYOND_SHUFFLED))
    idle.judge(idle_thoughts(baseline, treated, idle))
    matched, same = ([run.run(f"ct{k}_{by}") for k in range(5)] for by in ("matched", "matched_same"))
    cells = exchanged_steps(matched, same)
    exchange.judge(some_measured_mean(cells, exchange, asks=EXCHANGES, labels=EXCHANGED, bounds=DIFFERENCE_OF_SHARES))
    rows = [judged(claim_row(each.claim, each.alpha), each.judgement) for each in (needed, carry, idle, exchange)]
    assert [(role.thought, role.role, role.step) for role in roles_of(rows)] == [
        *((f"CT{k}", RoleName.CARRIES, k + 1) for k in range(5)),
        ("CT5", RoleName.IDLE, None),
    ]
    said = explanation(rows)
    check_quoted(rows, said)
    assert "CT0 to CT4 work alike: CTj carries the result of step j + 1" in said.text
