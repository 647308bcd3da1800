"""Accepted verdicts and registered claims: green as accepted, red when anything changed; terminal, JSON, exit code."""

import re
import shutil

import pytest

from ctlab.records import generation as record
from tests.plugin.suite import REGISTRY, commit, report, rows, run, write_suite


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("accepted") / "suite"


@pytest.fixture
def accepted(suite, kept):
    """Registered, committed and accepted: two runs for the first test, a copy for the others."""
    if kept.exists():
        shutil.copytree(kept, suite.path, symlinks=True, dirs_exist_ok=True)
        return suite
    run(suite, "--ctlab-register")
    commit(suite)
    result = run(suite, "--ctlab-accept")
    result.assert_outcomes(passed=1, xfailed=2)
    result.stdout.fnmatch_lines(["accepted 3 verdicts into registry.toml"])
    assert result.ret == 0
    shutil.copytree(suite.path, kept, symlinks=True)
    return suite


def edit(suite, old, new):
    path = suite.path / "demo_claims" / "registry.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_verdict(suite, name, new):
    path = suite.path / "demo_claims" / "registry.toml"
    before, mark, after = path.read_text(encoding="utf-8").partition(f"[[claims.{name}]]")
    assert 'verdict = "' in after
    path.write_text(
        before + mark + re.sub('verdict = "[A-Z]+"', f'verdict = "{new}"', after, count=1), encoding="utf-8"
    )


def test_a_run_is_green_when_every_verdict_is_as_accepted(accepted):
    result = run(accepted, "-rx")
    result.assert_outcomes(passed=1, xfailed=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines_random(
        [
            "REFUTED *test_ct0_raises - REFUTED, as accepted",
            "INCONCLUSIVE *test_ct4_changes - INCONCLUSIVE, as accepted",
        ]
    )
    assert {row["accepted"] for row in rows(accepted).values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}
    assert not any(row["exploratory"] for row in rows(accepted).values())


def test_another_engine_answers_again_and_is_held_to_the_same_verdicts(accepted, monkeypatch):
    assert "generated" not in run(accepted).stderr.str()
    monkeypatch.setattr(record, "ENGINE", "of tomorrow")
    result = run(accepted)
    result.stderr.fnmatch_lines(["ctlab: generated * answers in *"])
    result.assert_outcomes(passed=1, xfailed=2)
    assert {row["accepted"] for row in rows(accepted).values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}


@pytest.mark.parametrize(
    ("name", "verdict", "was"),
    [
        ("ct0-lowers", "SUPPORTED", "REFUTED"),
        ("ct0-lowers", "SUPPORTED", "INCONCLUSIVE"),
        ("ct0-raises", "REFUTED", "SUPPORTED"),
        ("ct0-raises", "REFUTED", "INCONCLUSIVE"),
        ("ct4-changes", "INCONCLUSIVE", "REFUTED"),
    ],
)
def test_a_changed_verdict_is_red_in_every_direction(accepted, name, verdict, was):
    edit_verdict(accepted, name, was)
    result = run(accepted)
    assert result.ret == 1
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines([f"*{was} was accepted for this model and these problems, now it is {verdict}*"])
    result.stdout.fnmatch_lines([f"{name} *{verdict} *was accepted as {was}.*"])
    assert (rows(accepted)[name]["verdict"], rows(accepted)[name]["accepted"]) == (verdict, was)


def test_void_is_never_accepted(suite, monkeypatch):
    run(suite, "--ctlab-register")
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    result = run(suite, "--ctlab-accept")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["accepted 1 verdict into registry.toml", "not accepted, VOID never is: ct0-lowers, ct0-raises"]
    )
    assert "VOID" not in (suite.path / "demo_claims" / "registry.toml").read_text(encoding="utf-8")


def test_an_accepted_verdict_that_becomes_void_is_red(accepted, monkeypatch):
    import shutil

    shutil.rmtree(accepted.path / ".ctlab")
    monkeypatch.setenv("FAKE_SABOTAGED", "ct4_blocked")
    result = run(accepted)
    assert result.ret == 1
    assert rows(accepted)["ct4-changes"]["verdict"] == "VOID"


def test_a_claim_that_says_something_else_is_exploratory(accepted):
    conditions = 'conditions=("baseline", "ct0_blocked"), controls'
    edit(accepted, conditions, f"margin=0.01, {conditions}")
    result = run(accepted)
    was = "was SUPPORTED on *; changed after the answers were seen"
    result.stdout.fnmatch_lines([f"EXPLORATORY ({was}: its margin was 0.0 and is 0.01): ct0-lowers"])
    assert rows(accepted)["ct0-lowers"]["exploratory"] is True
    assert rows(accepted)["ct0-raises"]["exploratory"] is False
    result = run(accepted, "--ctlab-confirmatory")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*--ctlab-confirmatory allows claims only that *, and 'ct0-lowers' is none: was SUPPORTED*"]
    )
    assert rows(accepted)["ct0-lowers"]["status"] == "error"


def test_other_words_for_the_same_claim_are_said_and_change_nothing(accepted):
    edit(accepted, "Hiding CT0 lowers accuracy.", "Hiding CT0 lowers it.")
    result = run(accepted, "--ctlab-confirmatory")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["reworded since it was registered, and the same claim: it was “Hiding CT0 lowers accuracy.”: ct0-lowers"]
    )
    row = rows(accepted)["ct0-lowers"]
    assert (row["exploratory"], row["accepted"]) == (False, "SUPPORTED")


def test_a_family_that_grew_is_said_and_makes_nobody_exploratory(accepted):
    sibling = (
        'SIBLING = Claim(id="sibling", family="demo", statement="More.", direction=Direction.INCREASE, '
        'conditions=("baseline", "no_op"))\n'
    )
    edit(accepted, "FAMILIES = (", sibling + "FAMILIES = (")
    edit(accepted, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, RAISES, SAME, SIBLING)")
    result = run(accepted)
    grew = "its family had 3 claims at registration and has 4, so that α was 0.01667 and is 0.0125"
    result.stdout.fnmatch_lines([f"{grew}: ct0-lowers, ct0-raises, ct4-changes"])
    found = rows(accepted)
    assert found["ct0-lowers"]["alpha"] == pytest.approx(0.05 / 4)
    assert found["ct0-lowers"]["remarks"] == [grew]
    assert (found["sibling"]["status"], found["sibling"]["reason"]) == ("not_run", "no test judges it")
    result.assert_outcomes(passed=1, xfailed=2)
    assert {row["accepted"] for row in found.values()} == {"SUPPORTED", "REFUTED", "INCONCLUSIVE", None}
    assert run(accepted, "--ctlab-confirmatory").ret == 0


def test_a_family_that_shrank_makes_no_level_laxer(accepted):
    edit(accepted, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, RAISES)")
    run(accepted, "-k", "ct0")
    row = rows(accepted)["ct0-lowers"]
    assert row["alpha"] == pytest.approx(0.05 / 3)
    assert row["remarks"] == [
        "its family had 3 claims at registration and has 2, so that α was 0.01667 and is 0.025, which is laxer: "
        "the registered one holds"
    ]


@pytest.mark.parametrize("alpha", ["0.45", "0.01"])
def test_another_alpha_than_the_registered_one_cannot_pass_a_supported_test(accepted, alpha):
    result = run(accepted, "-o", f"ctlab_alpha={alpha}", "-k", "lowers")
    assert result.ret == 1
    why = f"α of a family was 0.05 when it was registered and is {alpha} in this run"
    result.stdout.fnmatch_lines([f"*SUPPORTED cannot pass here: {why}*"])
    row = rows(accepted)["ct0-lowers"]
    assert row["verdict"] == "SUPPORTED"
    assert row["alpha"] == pytest.approx(min(float(alpha), 0.05) / 3)
    assert run(accepted, "-o", f"ctlab_alpha={alpha}", "--ctlab-confirmatory", "-k", "raises").ret == 1
    result = run(accepted, "-o", f"ctlab_alpha={alpha}", "--ctlab-accept", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"not accepted, {why}: ct0-lowers"])


def test_a_study_alpha_is_divided_over_the_families(suite):
    edit(suite, "claims=(LOWERS, RAISES, SAME)),)", "claims=(LOWERS, RAISES)), Family(name='other', claims=(SAME,)))")
    edit(suite, 'id="ct4-changes", family="demo"', 'id="ct4-changes", family="other"')
    result = run(suite)
    result.stdout.fnmatch_lines(["ctlab: model fake*, α 0.05 per family (at most 0.1 over all 2 families)"])
    assert "at most 0.10" in report(suite)["notes"][0]
    result = run(suite, "-o", "ctlab_study_alpha=0.05")
    result.stdout.fnmatch_lines(["ctlab: model fake*, α 0.025 per family (at most 0.05 over all 2 families)"])
    assert {name: row["alpha"] for name, row in rows(suite).items()} == {
        "ct0-lowers": pytest.approx(0.0125),
        "ct0-raises": pytest.approx(0.0125),
        "ct4-changes": pytest.approx(0.025),
    }
    result = run(suite, "-o", "ctlab_study_alpha=0.05", "-o", "ctlab_alpha=0.05")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_limit_is_another_subject_and_judged_plainly(accepted):
    result = run(accepted, "--ctlab-limit", "100")
    result.assert_outcomes(passed=3)
    assert all(row["accepted"] is None for row in rows(accepted).values())
    # what was generated for the whole set is not generated again
    assert report(accepted)["problems"]["limit"] == 100


def test_accepting_a_selection_keeps_the_other_verdicts(accepted):
    edit_verdict(accepted, "ct0-raises", "INCONCLUSIVE")
    result = run(accepted, "--ctlab-accept", "-k", "raises")
    result.stdout.fnmatch_lines(["accepted 1 verdict into registry.toml (ct0-raises was INCONCLUSIVE)"])
    run(accepted).assert_outcomes(passed=1, xfailed=2)


def test_a_claim_outside_every_family_is_an_error(suite):
    edit(suite, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, RAISES)")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*claim 'ct4-changes' is not in the family 'demo' of demo_claims.registry; put it into FAMILIES*"]
    )


@pytest.mark.parametrize(
    ("registry", "message"),
    [
        (REGISTRY + "FAMILIES = 3\n", "*demo_claims.registry must hold FAMILIES*"),
        (REGISTRY + "FAMILIES = FAMILIES * 2\n", "*two families called 'demo'*"),
        (REGISTRY.replace('"ct0-raises"', '"CT0"'), "*A claim's id is lower-case words joined by hyphens, got 'CT0'*"),
    ],
)
def test_a_wrong_registry_is_said_once_before_any_test(suite, registry, message):
    (suite.path / "demo_claims" / "registry.py").write_text(registry, encoding="utf-8")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_broken_registry_file_is_said_once_before_any_test(accepted):
    (accepted.path / "demo_claims" / "registry.toml").write_text("claims = [", encoding="utf-8")
    result = run(accepted)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: *registry.toml: it is not TOML*"])


def test_a_condition_that_does_something_else_is_another_claim(accepted):
    bench = accepted.path / "bench.py"
    text = bench.read_text(encoding="utf-8")
    bench.write_text(
        text.replace('keys=("CT0",), readers="later"),)),', 'keys=("CT0",), readers="answer"),)),'), "utf-8"
    )
    result = run(accepted)
    changed = "changed after the answers were seen: what ct0_blocked does changed"
    result.stdout.fnmatch_lines([f"EXPLORATORY (was SUPPORTED on *; {changed}): ct0-lowers"])
    result.stdout.fnmatch_lines([f"EXPLORATORY (was REFUTED on *; {changed}): ct0-raises"])
    assert rows(accepted)["ct0-lowers"]["exploratory"]
    assert not rows(accepted)["ct4-changes"]["exploratory"]
    assert run(accepted, "--ctlab-confirmatory").ret == 1


def test_an_accepted_claim_that_no_test_judges_any_more_makes_the_run_red(accepted):
    tests = accepted.path / "demo_claims" / "test_demo.py"
    tests.write_text(tests.read_text("utf-8").replace("def test_ct0_lowers", "def not_a_test"), encoding="utf-8")
    result = run(accepted)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ct0-lowers: registered, and no test judges it any more"])
    # Who asks for a part is not told of the rest.
    assert run(accepted, "demo_claims/test_demo.py").ret == 0
    assert run(accepted, "-k", "raises").ret == 0


def test_an_accepted_claim_that_cannot_be_judged_any_more_is_an_error_and_no_skip(accepted):
    fakes = accepted.path / "fakes.py"
    fakes.write_text(fakes.read_text("utf-8").replace('"num_thoughts": 6', '"num_thoughts": 4'), encoding="utf-8")
    result = run(accepted)
    result.assert_outcomes(passed=1, xfailed=1, errors=1)
    assert "'ct4-changes' was accepted here as INCONCLUSIVE and cannot be judged any more" in result.stdout.str()


def test_a_verdict_that_stands_on_another_estimate_is_red_until_it_is_accepted(accepted):
    path = accepted.path / "demo_claims" / "registry.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(SUPPORTED.*interval = )\[.*?\]", r"\1[-0.9, -0.8]", text, count=1), encoding="utf-8")
    result = run(accepted)
    assert result.ret == 1
    moved = "ct0-lowers: still SUPPORTED, and its estimate, -0.275, lies outside of the interval accepted on *"
    result.stdout.fnmatch_lines([f"{moved}, -0.9 to -0.8: the same answers are measured otherwise"])
    assert run(accepted, "--ctlab-accept").ret == 0
    assert run(accepted).ret == 0
