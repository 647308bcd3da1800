"""What a person can get wrong is said once, in one sentence, before any test runs: exit code 4."""

import os

import pytest

from tests.plugin.suite import calls, run, write_suite


@pytest.fixture
def suite(pytester):
    write_suite(pytester, n=60, folder="demo_claims")
    return pytester


def refused(suite, message, *args):
    result = run(suite, *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: ctlab: {message}"])
    assert not any("Traceback" in line for line in result.outlines + result.errlines)
    assert calls(suite) == []
    assert not (suite.path / "reports" / "latest").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--ctlab-limit=none"], "--ctlab-limit must be a whole number from 1, not 'none'"),
        (["--ctlab-padding=left"], "--ctlab-padding must be one of exact, as-published, not 'left'"),
        (["--ctlab-problems=no-such-set"], "unknown problem set 'no-such-set': known are tiny, *"),
        (["--ctlab-problems=no/such.jsonl"], "*no/such.jsonl* does not exist*"),
        (["--ctlab-recorded=baseline=no-such.jsonl"], "*no-such.jsonl*"),
        (["--ctlab-recorded=baseline"], "--ctlab-recorded must be NAME=FILE with a condition's name, not 'baseline'"),
        (["-o", "ctlab_alpha=5"], "ini option ctlab_alpha must be a proportion above 0 and below 0.5*"),
        (["-o", "ctlab_model=no/such/model", "-p", "no_engine"], "*no/such/model*"),
    ],
)
def test_wrong_values(suite, args, message):
    suite.makepyfile(
        no_engine="""
        import pytest
        @pytest.hookimpl(tryfirst=True, wrapper=True)
        def pytest_ctlab_engine(settings):
            yield
            return None
        """
    )
    refused(suite, message, *args)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "*empty*"),
        ('{"question": "What?", "gold": "1"}\n{"question": \n', "*line 2*"),
        ('{"question": "What?", "gold": "1"}\n{"question": "What?", "gold": "2"}\n', "*lines 1 and 2*"),
    ],
)
def test_wrong_problem_files(suite, content, message):
    (suite.path / "wrong.jsonl").write_text(content, encoding="utf-8")
    refused(suite, message, "--ctlab-problems=wrong.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folders(suite):
    (suite.path / "locked").mkdir(mode=0o500)
    refused(suite, "cannot write to the folder *locked*", "--ctlab-report=locked/reports")


@pytest.mark.parametrize("option", ["--ctlab-report", "--ctlab-store"])
def test_a_file_where_a_folder_belongs(suite, option):
    (suite.path / "file").write_text("in the way", encoding="utf-8")
    refused(suite, "cannot write to the folder *file*", f"{option}=file/inside")


def test_an_option_value_that_pytest_took_for_a_test_path(suite, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    refused(
        suite,
        "pytest took the value of --ctlab-report for a path of tests and so missed *; write --ctlab-report=VALUE*",
        "--ctlab-report",
        str(elsewhere),
    )


def test_two_conditions_of_one_name(suite):
    bench = suite.path / "bench.py"
    bench.write_text(bench.read_text(encoding="utf-8").replace('name="no_op"', 'name="ct4_blocked"'), encoding="utf-8")
    refused(suite, "two different conditions are called 'ct4_blocked'; rename one")


def test_an_unloadable_model_is_said_once_and_judges_nothing(suite):
    suite.makepyfile(
        broken="""
        import pytest
        from ctlab.errors import CheckpointError
        from fakes import FakeEngine

        class Broken(FakeEngine):
            def certify(self, problems, conditions):
                raise CheckpointError("model.safetensors: tensor 'x' is missing")

        @pytest.hookimpl(tryfirst=True)
        def pytest_ctlab_engine(settings):
            return Broken()
        """
    )
    result = run(suite, "-p", "broken")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["*ctlab: model.safetensors: tensor 'x' is missing*"])
    assert "Traceback" not in result.stdout.str()


def test_ordinary_suites_pay_and_see_nothing(pytester):
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    assert "ctlab:" not in result.stdout.str()
    assert not (pytester.path / "reports").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("demo_claims/registry.py", "SAME)),)", "SAM)),)", "demo_claims/registry.py, line 16: NameError: name 'SAM' *"),
        (
            "bench.py",
            "CONDITIONS\n\ndef",
            "CONDITIONS[0]\n\ndef",
            "bench.py, line 11: pytest_ctlab_conditions returns *",
        ),
        ("bench.py", "return CONDITIONS", "pass", "bench.py, line 11: pytest_ctlab_conditions returns *not None; *"),
        ("bench.py", "return CONDITIONS", "return CONDITION", "bench.py, line 12: NameError: *'CONDITION'*"),
        ("bench.py", "conditions(card)", "conditions(crd)", "bench.py, line 11: pytest_ctlab_conditions is given *"),
        ("bench.py", "ctlab_conditions", "ctlab_condition", "bench.py, line 11: there is no hook *; did you mean *"),
        ("bench.py", "return FakeEngine()", "return {}", "bench.py, line 14: pytest_ctlab_engine returns an engine *"),
        ("conftest.py", "pytest_plugins", "plugins", "claim 'ct0-lowers' names *, and none is declared: *"),
        (
            "tox.ini",
            "demo_claims.registry",
            "demo_claims.registry2",
            "ini option ctlab_registry = *",
        ),
    ],
)
def test_a_suites_own_mistakes(suite, monkeypatch, file, old, new, message):
    monkeypatch.chdir(suite.path)
    path = suite.path / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    refused(suite, message)


def test_the_same_with_workers(suite):
    path = suite.path / "demo_claims" / "registry.py"
    path.write_text(path.read_text(encoding="utf-8").replace("SAME)),)", "SAM)),)"), encoding="utf-8")
    refused(suite, "demo_claims/registry.py, line 16: NameError: name 'SAM' *", "-n", "2")


@pytest.mark.parametrize("more", [(), ("--ctlab-plan",)])
def test_a_selection_of_no_claim_names_those_that_there_are(suite, more):
    result = run(suite, "-k", "ct9", *more)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(
        ["ctlab: no claim is selected of 3: ct0-lowers, ct0-raises and ct4-changes; -k takes *"]
    )
    assert not any("no claim is selected" in line for line in run(suite, "-k", "ct0", "--ctlab-plan").outlines)
