"""`ctlab new`: docs/example is what it writes; a bad name, a taken or a closed place leave everything as it was."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ctlab import __version__, files
from ctlab.commands.main import main
from ctlab.commands.new_suite import FILES, suite

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example"
NOT_WRITTEN = {"reports", ".ctlab", "__pycache__", ".pytest_cache"}


def texts(folder):
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in found
        if not NOT_WRITTEN & set(path.relative_to(folder).parts)
    }


def wrong(capsys, name):
    assert main(["new", name]) == 4
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_the_example_is_what_it_writes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-paper"]) == 0
    assert texts(tmp_path / "my-paper") == texts(EXAMPLE), "write it anew: make example"
    said = capsys.readouterr().out
    assert all(f"  {place} " in said for place in texts(EXAMPLE))
    steps = [line.split("#")[0].strip() for line in said.splitlines()[-4:]]
    assert steps == ["cd my-paper", "pytest --ctlab-plan", "pytest --ctlab-register", "pytest"]
    assert max(map(len, said.splitlines())) <= 80
    assert [path.name for path in tmp_path.iterdir()] == ["my-paper"]


def test_another_name_is_in_every_place_of_the_example_s(tmp_path):
    written = suite("two_words-2026")
    assert "claims/test_two_words_2026.py" in written
    assert 'Family(name="two-words-2026",' in written["claims/registry.py"]
    assert not [place for place, text in written.items() if "paper" in place + text.replace("papers", "")]
    assert written["requirements.txt"] == f"ctlab=={__version__}\n"
    assert all(text.endswith("\n") for text in written.values())
    assert len(written) == len(FILES)


@pytest.mark.parametrize("name", ["My-Paper", "a b", "x-", "a--b", "ä", "a.b", "'; rm", "new\x1b[31m", "x\n"])
def test_a_name_that_is_none_is_refused(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "cannot be a suite's name: it is lower-case letters and digits" in wrong(capsys, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [("My Paper 2", "my-paper-2"), ("Größe!", "grosse"), ("Ann's_claims", "anns-claims"), ("思考", "my-paper")],
)
def test_the_nearest_name_is_proposed_and_is_one(typed, proposed, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert wrong(capsys, typed).endswith(f"such as {proposed}")
    assert main(["new", proposed]) == 0


@pytest.mark.parametrize("name", ["", " "])
def test_no_name_is_refused(name, capsys):
    assert "needs a name that is not empty" in wrong(capsys, name)


@pytest.mark.parametrize("there", ["folder", "empty", "file", "link"])
def test_what_is_there_is_not_touched(there, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "mine"
    if there in ("folder", "empty"):
        place.mkdir()
    if there == "folder":
        (place / "bench.py").write_text("mine")
    if there == "file":
        place.write_text("mine")
    if there == "link":
        place.symlink_to("nowhere")
    assert "mine is there already, and nothing in it was changed" in wrong(capsys, "mine")
    assert [path.name for path in tmp_path.rglob("*")] == (["mine", "bench.py"] if there == "folder" else ["mine"])


def test_a_folder_above_that_is_not_there_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "there is no folder absent; make it first" in wrong(capsys, "absent/mine")


@pytest.mark.parametrize("at", range(1, len(FILES) + 1))
def test_a_disk_that_is_full_leaves_nothing(at, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    real, calls = files.replacing, []

    def full(path, **options):
        calls.append(path)
        if len(calls) == at:
            raise OSError(28, "No space left on device")
        return real(path, **options)

    monkeypatch.setattr(files, "replacing", full)
    assert "cannot write mine: No space left on device; " in wrong(capsys, "mine")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_folder_is_a_sentence(tmp_path, monkeypatch, capsys):
    tmp_path.chmod(0o555)
    monkeypatch.chdir(tmp_path)
    assert "cannot write mine: Permission denied" in wrong(capsys, "mine")


def test_the_workflow_is_a_gate_that_may_do_little():
    text = suite("mine")[".github/workflows/claims.yml"]
    form = yaml.safe_load(text)
    (job,) = form["jobs"].values()
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert form["permissions"] == {"contents": "read"}
    assert set(form[True]) == {"push", "pull_request", "workflow_dispatch"}  # YAML 1.1 reads `on` as a truth value
    assert job["steps"][0]["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert "${{ secrets." not in text
    assert not [run for run in runs if "${{" in run]
    assert runs == [
        "python -m pip install --find-links wheels --requirement requirements.txt",
        "python -m pytest --ctlab-confirmatory --junit-xml junit.xml",
    ]
    # Its actions are those of the workflow that docs/ci describes.
    described = (ROOT / "docs" / "ci" / "claims.yml").read_text(encoding="utf-8")
    assert [step["uses"] for step in job["steps"] if "uses" in step and step["uses"] not in described] == []


@pytest.mark.slow
def test_plan_says_what_pytest_s_own_plan_says(tmp_path):
    for command, folder in (("plan", EXAMPLE), ("plan", tmp_path)):
        done = subprocess.run(
            [sys.executable, "-m", "ctlab", command, str(folder), "--limit=120"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        if folder == EXAMPLE:
            typed = [sys.executable, "-P", "-m", "pytest", str(folder), "--ctlab-plan", "--ctlab-limit=120"]
            whole = subprocess.run(typed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
            assert done.returncode == 0, done.stderr
            said = done.stdout.splitlines()
            assert "1 of 1 claim, 120 problems, 3 conditions" in said
            assert [line for line in said if line and line not in whole] == []
            assert next(line for line in whole if line.startswith("to generate")) in said
        else:
            assert (done.returncode, done.stdout) == (4, "")
            assert done.stderr.startswith("ERROR: ctlab: no test here judges a claim; ")


@pytest.mark.slow
def test_the_sweep_of_the_docs_is_six_claims_at_one_level(tmp_path):
    page = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
    files = re.findall(r"^`([\w/.]+)`:\n\n```python\n(.*?)```", page, flags=re.MULTILINE | re.DOTALL)
    assert [place for place, _ in files] == ["bench.py", "claims/registry.py", "claims/test_sweep.py"]
    folder = tmp_path / "sweep"
    assert main(["new", str(folder)]) == 0
    for place, text in files:
        assert (folder / place).is_file(), "it goes in place of what ctlab new wrote"
        (folder / place).write_text(text, encoding="utf-8")

    def pytest_there(*typed):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", *typed],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
        )
        return done.stdout

    plan = pytest_there("--ctlab-plan")
    assert "6 of 6 claims, 1,319 problems, 7 conditions" in plan
    assert re.findall(r"^(ct\d)-lowers-accuracy +(\S+)", plan, flags=re.MULTILINE) == [
        (f"ct{k}", "0.0083") for k in range(6)
    ]
    off = (folder / "bench.py").read_text(encoding="utf-8").replace('f"CT{k}"', 'f"CT{(k + 1) % 6}"')
    whole = (folder / "bench.py").read_text(encoding="utf-8")
    (folder / "bench.py").write_text(off, encoding="utf-8")
    assert pytest_there("--ctlab-plan").count(": other thoughts: hidden or replaced is CT") == 6
    (folder / "bench.py").write_text(whole, encoding="utf-8")
    alone = pytest_there("-k", "ct3", "--ctlab-limit=20")
    assert "α = .0083" in alone
    assert "1 passed, 5 deselected" in alone
