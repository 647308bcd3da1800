"""A reviewer judges a shared store that nobody may write to: as the kernel has it, in processes of their own."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from benchmarks.faults_suite import ROOT, counts, run, write_suite

pytestmark = pytest.mark.slow
MODES_BIND = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root may write where modes forbid it; without these two capabilities modes bind it as the owner that it is."""


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """A suite, its store complete for three claims of five; each test gets a copy."""
    if MODES_BIND and shutil.which("setpriv") is None:
        pytest.skip("run by root, who may write everywhere, and setpriv is not installed")
    suite = write_suite(tmp_path_factory.mktemp("complete") / "suite")
    run(suite, "-k", "lowers or raises or sizes")
    shutil.rmtree(suite / "reports")
    (suite / "calls.log").unlink()
    return suite


@pytest.fixture
def shared(tmp_path, complete):
    """That suite without write permission."""
    suite = shutil.copytree(complete, tmp_path / "suite")
    allow(suite / ".ctlab", False)
    yield suite
    allow(suite / ".ctlab", True)


def allow(folder, writing):
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IWUSR if writing else mode & ~0o222)


def judge(suite, *args):
    done = subprocess.run(
        [*MODES_BIND, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args],
        cwd=suite,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr


def content(suite):
    return {path: path.read_bytes() for path in (suite / ".ctlab").rglob("*") if path.is_file()}


def test_a_complete_store_is_judged_and_stays_as_it_is(shared):
    before = content(shared)
    output = judge(shared, "-k", "lowers or raises or sizes")
    assert counts(output) == {"passed": 3, "deselected": 2}, output
    assert output.count("can only be read") == 1
    assert "report: reports/" in output
    assert "no report" not in output
    assert content(shared) == before


def test_what_is_missing_is_a_sentence_and_the_other_claims_are_judged(shared):
    output = judge(shared)
    assert counts(output) == {"passed": 4, "error": 1}, output
    assert "120 of 120 answers under condition 'ct4_blocked' are missing" in output
    assert "Traceback" not in output
    assert not (shared / "calls.log").exists()


def test_labels_and_certificates_that_are_gone_are_made_again_and_not_kept(shared):
    allow(shared / ".ctlab", True)
    for folder in shared.glob(".ctlab/store/v1/*/derived"):
        shutil.rmtree(folder)
    allow(shared / ".ctlab", False)
    output = judge(shared, "-k", "lowers or raises", "-n", "2")
    assert counts(output) == {"passed": 2}, output
    assert output.count("can only be read") == 1
    assert (shared / "calls.log").read_text("utf-8").count("certify") > 0
    assert not list(shared.glob(".ctlab/store/v1/*/derived"))
