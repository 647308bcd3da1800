"""Real processes that change one registry at the same time: nothing that was said to be written is lost."""

import pytest

from benchmarks.faults_suite import CLAIMS, finish, run, start, write_suite
from ctlab.claims import Registry
from ctlab.claims.registered import What

NAMES = ("lowers", "raises", "changes", "errors")


@pytest.fixture
def suite(tmp_path):
    return write_suite(tmp_path / "suite")


def registry(suite):
    return Registry.load(suite / "claims_here" / "registry.toml")


def at_once(suite, *arguments):
    return [finish(each) for each in [start(suite, *those) for those in arguments]]


def holding(suite, what):
    claims = registry(suite).claims.items()
    return {claim_id for claim_id, versions in claims for version in versions if version.events(what)}


@pytest.mark.long
def test_four_runs_accept_at_once_and_every_verdict_is_there(suite):
    code, output = run(suite, "--ctlab-register")
    assert code == 0, output
    run(suite)
    outputs = at_once(suite, *(("-k", name, "--ctlab-accept") for name in NAMES))
    assert all("accepted 1 verdict into registry.toml" in output for _, output in outputs), outputs
    assert holding(suite, What.ACCEPTED) == set(CLAIMS) - {"ct0-sizes"}


@pytest.mark.parametrize(
    ("option", "what"),
    [
        pytest.param("--ctlab-register", What.REGISTERED, marks=pytest.mark.slow),
        pytest.param("--ctlab-register-late", What.LATE, marks=pytest.mark.long),
    ],
)
def test_four_runs_register_at_once_and_every_claim_is_there(suite, option, what):
    if what == What.LATE:
        run(suite)
    outputs = at_once(suite, *(("-k", name, option) for name in NAMES))
    assert [code for code, _ in outputs] == [0] * len(NAMES), outputs
    assert holding(suite, what) == set(CLAIMS) - {"ct0-sizes"}


@pytest.mark.slow
def test_two_runs_withdraw_at_once_and_both_claims_are_withdrawn(suite):
    run(suite, "--ctlab-register")
    for name, gone in (("registry.py", ", ERRORS, SIZES)),)"), ("test_demo.py", "@pytest.mark.claim(ERRORS)")):
        path = suite / "claims_here" / name
        text = path.read_text(encoding="utf-8")
        assert gone in text
        path.write_text(text.replace(gone, ")),)") if name == "registry.py" else text.partition(gone)[0], "utf-8")
    outputs = at_once(suite, *(("--ctlab-withdraw", f"{name}=not ours") for name in ("ct0-errors", "ct0-sizes")))
    assert [code for code, _ in outputs] == [0, 0], outputs
    assert holding(suite, What.WITHDRAWN) == {"ct0-errors", "ct0-sizes"}
