"""The plugin as a user meets it: a small suite of somebody else's, run in processes of its own."""

from pathlib import Path

import pytest

from tests.plugin.suite import TESTS, calls, report, rows, run, run_process, write_suite

WORKERS = pytest.mark.parametrize(
    "workers",
    [
        pytest.param((), id="no-xdist"),
        pytest.param(("-n0",), id="n0", marks=pytest.mark.slow),
        pytest.param(("-n2",), id="n2"),
    ],
)
BOTH = pytest.mark.parametrize(
    "start",
    [
        pytest.param(run, id="no-xdist"),
        # That workers judge alike is said by the default tests of verdicts and by slow ones of this folder.
        pytest.param(lambda suite: run_process(suite, "-n2"), id="n2", marks=pytest.mark.long),
    ],
)


@WORKERS
def test_verdicts_words_and_reports_are_the_same_on_any_number_of_workers(pytester, workers):
    write_suite(pytester, folder="demo_claims")
    result = (run_process if workers else run)(pytester, *workers, "-v", "-ra", "--ctlab-strict")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "ctlab: model fake (fake-mod), 120 problems of problems, store .ctlab/store, α 0.05 per family",
            "*SUPPORTED*test_ct0_lowers*" if workers == ("-n2",) else "*test_ct0_lowers SUPPORTED*",
            "E         claim ct0-raises is REFUTED",
            "E         pairs: 33 lost, 0 gained, of 120 problems",
            "lost: problem *, gold *",
            "ct0-lowers   SUPPORTED     −27.5 points *",
            "ct0-raises   REFUTED       [[]no controls[]] −27.5 points *",
            "ct4-changes  INCONCLUSIVE  [[]no controls, idle[]] 0.0 points *",
            "report: reports/*",
        ]
    )
    assert result.ret == 1
    assert calls(pytester) == [
        "certify baseline ct0_blocked no_op ct4_blocked",
        *(f"generate {n} baseline ct0_blocked no_op ct4_blocked" for n in (50, 50, 20)),
    ]
    found = report(pytester)
    assert [(row["id"], row["verdict"]) for row in found["claims"]] == [
        ("ct0-lowers", "SUPPORTED"),
        ("ct0-raises", "REFUTED"),
        ("ct4-changes", "INCONCLUSIVE"),
    ]
    assert found["selection"] == {"deselected": 0, "is_selection": False}
    assert [row["holm_p"] is None or row["holm_p"] >= row["effect"]["p_value"] for row in found["claims"]] == [True] * 3
    assert {row["name"]: row["n"] for row in found["conditions"]} == dict.fromkeys(
        ("baseline", "ct0_blocked", "no_op", "ct4_blocked"), 120
    )
    assert all(row["certificate"]["passed"] for row in found["conditions"])


_WATCH = """
import os, sys
def pytest_unconfigure():
    open(f"imported-{os.getpid()}", "w").write(f"{'torch' in sys.modules} {'transformers' in sys.modules}")
"""


@pytest.mark.slow
def test_a_warm_run_asks_the_engine_nothing_and_imports_no_torch_in_any_process(pytester):
    write_suite(pytester, folder="demo_claims")
    run_process(pytester)
    (pytester.path / "calls.log").unlink()
    (pytester.path / "bench.py").write_text((pytester.path / "bench.py").read_text() + _WATCH)
    for options, processes in (((), 1), (("-n", "2"), 3)):
        run_process(pytester, *options)
        found = list(pytester.path.glob("imported-*"))
        assert [path.read_text() for path in found] == ["False False"] * processes
        for path in found:
            path.unlink()
    assert calls(pytester) == []


_COUNT = """
import os
from ctlab.lab.value_keeper import ValueKeeper
from ctlab.store import generation_store

def count(what, function):
    def counted(*arguments, **more):
        with open("counted", "a") as file:
            file.write(f"{what(*arguments)}\\n")
        return function(*arguments, **more)
    return counted

ValueKeeper.write = count(lambda keeper, function, *_: f"value {function}", ValueKeeper.write)
generation_store.packed_shard = count(lambda folder, entry, *_: f"shard {entry.name}", generation_store.packed_shard)
"""


@pytest.mark.slow
def test_a_warm_run_works_out_no_value_anew_and_reads_each_shard_once(pytester):
    write_suite(pytester, folder="demo_claims")
    (pytester.path / "bench.py").write_text((pytester.path / "bench.py").read_text() + _COUNT)
    counted = pytester.path / "counted"
    run_process(pytester)
    first = [line for line in counted.read_text().splitlines() if line.startswith("value")]
    assert len([line for line in first if "rate_difference" in line]) == 3
    before = rows(pytester)
    counted.unlink()
    run_process(pytester)
    lines = counted.read_text().splitlines()
    assert [line for line in lines if line.startswith("value")] == []
    assert len(lines) == len(set(lines)) == 3, "a shard for each batch"
    assert {name: {**row, "seconds": 0} for name, row in rows(pytester).items()} == {
        name: {**row, "seconds": 0} for name, row in before.items()
    }
    # Another margin is another question: that effect alone is worked out.
    claims = next(path for path in pytester.path.rglob("*.py") if 'id="ct0-lowers"' in path.read_text())
    counted.unlink()
    claims.write_text(claims.read_text().replace('id="ct0-lowers"', 'margin=0.01, id="ct0-lowers"'))
    run_process(pytester)
    values = [line for line in counted.read_text().splitlines() if "rate_difference" in line]
    assert len(values) == 1


def test_a_selection_generates_only_what_it_needs_and_says_that_it_is_one(pytester):
    write_suite(pytester, folder="demo_claims")
    result = run(pytester, "-k", "raises")
    assert calls(pytester)[0] == "certify baseline ct0_blocked"
    result.stdout.fnmatch_lines(["2 not judged (not selected): ct0-lowers, ct4-changes"])
    found = report(pytester)
    assert found["selection"] == {"deselected": 2, "is_selection": True}
    assert {row["status"] for row in found["claims"]} == {"judged", "not_run"}
    # the same α as in the whole suite
    assert rows(pytester)["ct0-raises"]["alpha"] == pytest.approx(0.05 / 3)


_LEAVES_OUT = """
def pytest_collection_modifyitems(config, items):
    gone = [item for item in items if "raises" in item.name]
    config.hook.pytest_deselected(items=gone)
    items[:] = [item for item in items if item not in gone]
"""


@BOTH
def test_a_claim_that_the_suite_itself_leaves_out_still_has_its_test_and_one_without_is_named(pytester, start):
    write_suite(pytester, folder="demo_claims")
    (pytester.path / "demo_claims" / "conftest.py").write_text(_LEAVES_OUT)
    result = start(pytester)
    result.stdout.no_fnmatch_line("*no test judges it any more*")
    found = {row["id"]: row["reason"] for row in report(pytester)["claims"] if row["status"] == "not_run"}
    assert found == {"ct0-raises": "not selected"}
    tests = next((pytester.path / "demo_claims").glob("test_*.py"))
    tests.write_text(tests.read_text().replace("def test_ct0_lowers", "def no_test"))
    start(pytester)
    found = {row["id"]: row["reason"] for row in report(pytester)["claims"] if row["status"] == "not_run"}
    assert found == {"ct0-raises": "not selected", "ct0-lowers": "no test judges it"}


@BOTH
def test_a_failed_certificate_makes_every_claim_that_uses_it_void(pytester, start, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    write_suite(pytester, folder="demo_claims")
    result = start(pytester)
    assert result.ret == 1
    assert [(row["verdict"], row["status"]) for row in rows(pytester).values()] == [
        ("VOID", "judged"),
        ("VOID", "judged"),
        ("INCONCLUSIVE", "judged"),
    ]
    result.stdout.fnmatch_lines(
        ["ct0-lowers   VOID*certificate of condition 'ct0_blocked' failed*removed-edges-are-zero*"]
    )
    # nothing is generated under a condition that is not what it says
    assert not any("ct0_blocked" in line for line in calls(pytester) if line.startswith("generate"))


def test_a_control_s_failed_certificate_voids_too(pytester, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "no_op")
    write_suite(pytester, folder="demo_claims")
    run(pytester)
    assert {name: row["verdict"] for name, row in rows(pytester).items()} == {
        "ct0-lowers": "VOID",
        "ct0-raises": "REFUTED",
        "ct4-changes": "INCONCLUSIVE",
    }


SABOTEURS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import rate_difference
from FOLDER.registry import LOWERS, RAISES, SAME

@pytest.mark.claim(LOWERS)
def test_never_judges(claim, baseline, ct0_blocked): ...

@pytest.mark.claim(RAISES)
def test_forgets_to_assert(claim, baseline, ct0_blocked):
    claim.judge(rate_difference("CORRECT", baseline, ct0_blocked, claim))

@pytest.mark.claim(SAME)
def test_breaks(claim, baseline, ct4_blocked):
    claim.judge(rate_difference("CORRECT", baseline, ct4_blocked, claim))
    {}["x"]
"""


@BOTH
def test_no_claim_test_is_green_by_accident(pytester, start):
    write_suite(pytester, folder="demo_claims", tests=SABOTEURS)
    result = start(pytester)
    result.assert_outcomes(errors=3)
    assert {row["status"] for row in rows(pytester).values()} == {"error"}
    assert all(row["verdict"] is None for row in rows(pytester).values())
    result.stdout.fnmatch_lines_random(
        ["the claim was never judged*", "*the test passes whatever the verdict, which is REFUTED*"]
    )


HELPER = """
from ctlab.claims import Verdict

def check(verdict):
    assert verdict == Verdict.SUPPORTED
"""
ENDS = {
    "claim.judge(effect) == Verdict.SUPPORTED": "its `assert` is missing; end it with `assert claim.judge(effect) ==*",
    "print(claim.judge(effect) == Verdict.SUPPORTED)": "*its `assert` is missing*",
    "assert claim.judge(effect)": "*A Verdict has no truth value (this one is SUPPORTED); compare it*",
    "helper.check(claim.judge(effect))": "",
    "assert Verdict.SUPPORTED == claim.judge(effect)": "",
    "if claim.judge(effect) != Verdict.SUPPORTED: pytest.fail()": "",
}


@pytest.mark.parametrize(("end", "said"), ENDS.items())
def test_supported_is_green_only_where_something_hangs_on_it(pytester, end, said):
    tests = TESTS.replace("assert claim.judge(effect) == Verdict.SUPPORTED", end, 1)
    write_suite(pytester, folder="demo_claims", tests="import helper\n" + tests)
    pytester.makepyfile(helper=HELPER)
    result = run(pytester, "-k", "lowers")
    result.assert_outcomes(**{"errors" if said else "passed": 1}, deselected=2)
    result.stdout.fnmatch_lines([f"*{said}"] if said else [])


@pytest.mark.slow
def test_python_that_leaves_out_a_helper_s_assert_makes_no_green(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    tests = TESTS.replace("assert claim.judge(effect) == Verdict.SUPPORTED", "helper.check(claim.judge(effect))", 1)
    write_suite(pytester, folder="demo_claims", tests="import helper\n" + tests)
    pytester.makepyfile(helper=HELPER)
    result = run_process(pytester)
    result.assert_outcomes(errors=1, passed=2)  # what pytest rewrites asserts as ever
    result.stdout.fnmatch_lines(["*its `assert` is missing*; Python -O leaves out the asserts of other modules*"])


def test_a_claim_about_clusters_is_judged_as_the_documents_show(pytester):
    documents = (Path(__file__).parents[2] / "docs" / "verdicts.md").read_text(encoding="utf-8")
    shown = documents.partition("## Problems that belong together")[2].partition("```python\n")[2].partition("```")[0]
    marked = shown.replace(
        "def test_",
        "class AnyTemplate(dict):\n    def __missing__(self, name):\n        return name[-2:]\n\n"
        "template_of = AnyTemplate()\n\n@pytest.mark.claim(LOWERS)\ndef test_",
    )
    head = "import pytest\nfrom ctlab.claims import Verdict\nfrom FOLDER.registry import LOWERS\n"
    write_suite(pytester, folder="demo_claims", tests=head + marked)
    run(pytester).assert_outcomes(passed=1)


def test_a_claim_is_not_judged_on_conditions_that_it_does_not_name(pytester):
    swapped = TESTS.replace('rate_difference("CORRECT", baseline, ct4_blocked, claim)', "DIFFERENCE").replace(
        'rate_difference("CORRECT", baseline, ct0_blocked, claim)',
        'rate_difference("CORRECT", ct0_blocked, baseline, claim)',
    )
    other = swapped.replace("DIFFERENCE", 'rate_difference("CORRECT", baseline, baseline, claim)')
    write_suite(pytester, folder="demo_claims", tests=other)
    result = run(pytester)
    result.assert_outcomes(errors=3)
    assert all(row["verdict"] is None for row in rows(pytester).values())
    result.stdout.fnmatch_lines_random(
        [
            "*'ct0-lowers' compares baseline, ct0_blocked, and the statistic was given ct0_blocked, baseline;*",
            "*'ct4-changes' compares baseline, ct4_blocked, and the statistic was given baseline, baseline;*",
        ]
    )


def test_a_library_s_assertion_after_a_supported_judgement_is_an_error(pytester):
    tests = TESTS.replace(
        "assert claim.judge(effect) == Verdict.SUPPORTED", "claim.judge(effect); assert baseline is None", 1
    )
    write_suite(pytester, folder="demo_claims", tests=tests)
    result = run(pytester, "-k", "lowers")
    result.assert_outcomes(errors=1, deselected=2)
    assert rows(pytester)["ct0-lowers"]["verdict"] is None


@BOTH
def test_misuse_is_one_sentence_before_anything_is_generated(pytester, start):
    tests = TESTS.replace("@pytest.mark.claim(RAISES)", "@pytest.mark.claim(LOWERS)")
    write_suite(pytester, folder="demo_claims", tests=tests)
    result = start(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (said,) = [line for line in result.outlines + result.errlines if "is judged by" in line]
    assert said.startswith("ERROR: ctlab: demo_claims/test_demo.py::test_ct0_raises: claim 'ct0-lowers' is judged by")
    result.stdout.no_fnmatch_line("*Traceback*")
    assert calls(pytester) == []


def test_what_is_not_selected_can_be_wrong(pytester):
    tests = TESTS.replace("ct4_blocked):", "ct4_blocked, no_op):")
    write_suite(pytester, folder="demo_claims", tests=tests)
    run(pytester, "-k", "lowers").assert_outcomes(passed=1, deselected=2)
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *the condition 'no_op' *no fixture has that name; *`run(?no_op?)`*"])


@pytest.mark.slow
def test_a_crashed_worker_does_not_lose_its_claim(pytester):
    crash = TESTS.replace(
        "def test_ct0_raises(claim, baseline, ct0_blocked):", "def test_ct0_raises(claim):\n    import os; os._exit(1)"
    )
    write_suite(pytester, folder="demo_claims", tests=crash)
    result = run_process(pytester, "-n2")
    assert result.ret == 1
    row = rows(pytester)["ct0-raises"]
    assert (row["status"], row["reason"]) == ("error", "the worker that ran it crashed")


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["no-xdist", "n2"])
def test_a_plan_says_what_would_be_done_and_does_nothing(pytester, workers):
    write_suite(pytester, folder="demo_claims")
    result = run(pytester, "--ctlab-plan", "-k", "ct0", *workers)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "2 of 3 claims, 120 problems, 3 conditions",
            "claim * α * discordant * detectable * provable*",
            "ct0-lowers * 0.0167 * ~10.0 % * points*",
            "to generate: 360 answers (baseline, ct0_blocked, no_op)",
            "time: not known *",
        ]
    )
    assert calls(pytester) == []
    assert not (pytester.path / "reports").exists()


def test_a_plan_after_a_run_uses_what_was_measured(pytester):
    write_suite(pytester, folder="demo_claims")
    run(pytester, "-k", "ct0")
    result = run(pytester, "--ctlab-plan")
    result.stdout.fnmatch_lines(
        ["ct0-lowers * 27.5 %*", "ct4-changes * ~10.0 %*", "to generate: 120 answers (ct4_blocked)", "time: about * s"]
    )


def test_collecting_imports_nothing_heavy(pytester):
    write_suite(pytester, folder="demo_claims")
    watch = """
import sys
def pytest_unconfigure():
    heavy = ("torch", "transformers", "matplotlib", "scipy", "statsmodels", "pandas", "numpy", "pyarrow")
    print("heavy:", [name for name in heavy if name in sys.modules])
"""
    pytester.makepyfile(watch=watch)
    result = run_process(pytester, "--collect-only", "-p", "watch")
    result.stdout.fnmatch_lines(["heavy: []"])
    assert not (pytester.path / "reports").exists()


def test_what_is_only_listed_is_not_looked_up(pytester, monkeypatch):
    write_suite(pytester)
    monkeypatch.setattr("ctlab.lab.claim_run.ClaimRun.row", lambda *_: pytest.fail("looked up"))
    assert run(pytester, "--collect-only", "-q").ret == 0
    assert run(pytester, "--ctlab-plan").ret == 0


def test_what_only_lists_or_sets_up_writes_no_report(pytester):
    write_suite(pytester, folder="demo_claims")
    for option in ("--fixtures", "--fixtures-per-test", "--setup-plan"):
        assert run(pytester, option, "-q").ret == 0
    assert list(pytester.path.glob("reports/*/report.json")) == []


def test_a_fixture_that_is_missing_is_named(pytester):
    write_suite(pytester, folder="demo_claims")
    (test,) = pytester.path.glob("demo_claims/test_*.py")
    test.write_text(test.read_text("utf-8").replace("ct0_blocked)", "ct9_blocked)"), encoding="utf-8")
    run(pytester).stdout.fnmatch_lines(
        ["ct0-lowers * ERROR * there is no fixture 'ct9_blocked'; that of a condition is a session fixture*"]
    )


def test_a_plan_where_no_test_judges_a_claim_is_wrong_use(pytester):
    pytester.makepyfile("def test_nothing(): pass")
    result = run(pytester, "--ctlab-plan")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: ctlab: no test here judges a claim; name the folder of a suite,*"])


def test_a_claim_about_a_thought_that_the_model_lacks_is_skipped_and_the_others_are_judged(pytester):
    write_suite(pytester, folder="demo_claims")
    fakes = pytester.path / "fakes.py"
    six = fakes.read_text("utf-8")
    four = six.replace('"num_thoughts": 6', '"num_thoughts": 4')
    fakes.write_text(four, encoding="utf-8")
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR  # mistyped, as far as anybody can tell
    result.stderr.fnmatch_lines(
        ["*claim 'ct4-changes': ct4_blocked is about CT4, and this model thinks CT0 … CT3; did you mean CT3?*"]
    )
    fakes.write_text(six.replace("fake-model", "fake-model-of-six"), encoding="utf-8")
    run(pytester, "--ctlab-register")
    fakes.write_text(four, encoding="utf-8")
    result = run(pytester)
    result.stdout.fnmatch_lines(["*ct4_blocked is about CT4, and this model thinks CT0 … CT3*"])
    assert rows(pytester)["ct4-changes"]["status"] == "skipped"
    assert rows(pytester)["ct0-lowers"]["status"] == "judged"
    assert not any("ct4_blocked" in call for call in calls(pytester))


def test_a_run_of_a_condition_that_the_claim_does_not_name_is_refused_in_the_body_too(pytester):
    tests = TESTS.replace(
        "def test_ct0_lowers(claim, baseline, ct0_blocked):", "def test_ct0_lowers(claim, baseline, run):"
    )
    tests = tests.replace("baseline, ct0_blocked, claim)", 'baseline, run("ct4_blocked"), claim)', 1)
    write_suite(pytester, folder="demo_claims", tests=tests)
    result = run(pytester, "-k", "lowers")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "asks for the condition 'ct4_blocked', which claim 'ct0-lowers' does not name" in result.stdout.str()
    assert rows(pytester)["ct0-lowers"]["status"] == "error"
