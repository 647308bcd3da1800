"""A registry of the first form, brought into today's: what was claimed stays, and the order of things is said."""

import hashlib
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.claims import Registered, Registry, Subject
from ctlab.claims.registered import What
from ctlab.commands.main import WRONG_USE, main
from ctlab.problems import load_problems
from ctlab.records import Verdict
from hypotheses.registry import ERROR_TAXONOMY

CLAIM = ERROR_TAXONOMY["ct0-lowers-accuracy"]
MODULE = "from hypotheses.claims.error_taxonomy import ERROR_TAXONOMY\n\nFAMILIES = (ERROR_TAXONOMY,)\n"


def old_file(**changed):
    """A file as ctlab 0.1 wrote it; a part's digest as it was computed there."""
    form = {**CLAIM.to_json(), **changed}
    parts = {
        name: hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:8]
        for name, value in form.items()
    }
    inline = ", ".join(f'{name} = "{digest}"' for name, digest in parts.items())
    return f"""# Written by `pytest --ctlab-accept`: what was claimed, and the verdicts accepted for each model.

[claims.{CLAIM.id}]
digest = "de99464f9032fe4e"
family = "error-taxonomy"
family_size = 6
family_alpha = 0.05
statement = "Hiding CT0 from later positions lowers accuracy."
parts = {{{inline}}}
conditions = {{baseline = "237538d33becee71", ct0_blocked = "fb566db68fdef8a5"}}

[[accepted]]
model = "0011223344556677"
problems = "{load_problems("tiny").digest}"
padding = "exact"
dtype = "float32"
max_new_tokens = 64

[accepted.verdicts]
{CLAIM.id} = "SUPPORTED"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "old_claims", raising=False)
    (tmp_path / "old_claims.py").write_text(MODULE)
    (tmp_path / "old_claims.toml").write_text(old_file())
    return tmp_path


def test_each_claim_is_entered_after_its_answers_with_its_values_and_verdict(folder, capsys):
    assert main(["registry", "migrate", "--registry", "old_claims"]) == 0
    registry = Registry.load(folder / "old_claims.toml")
    assert registry.version(CLAIM.id, Registered.of(CLAIM)) is not None
    kinds = [event.what for _, event in registry.events(CLAIM.id)]
    assert sorted(kinds) == sorted([What.ACCEPTED, What.LATE])
    (subject,) = registry.subjects.values()
    assert (subject.problems_name, subject.n, len(subject.ids)) == ("tiny", 1319, 1319)
    same = Subject(
        model="0011223344556677",
        problems=load_problems("tiny").digest,
        padding="exact",
        dtype="float32",
        max_new_tokens=64,
    )
    assert registry.accepted(CLAIM.id, Registered.of(CLAIM), same).verdict == Verdict.SUPPORTED
    version = registry.versions(CLAIM.id)[0]
    assert version.does == {"baseline": "237538d33becee71", "ct0_blocked": "fb566db68fdef8a5"}
    assert [event.alpha for event in version.events(What.LATE)] == [0.05 / 6]
    shown = capsys.readouterr().out
    assert '-digest = "de99464f9032fe4e"\n' in shown
    assert '+direction = "decrease"\n' in shown
    assert "1 claim, each registered after its answers" in shown
    assert max(map(len, shown.splitlines())) < 320


def test_a_dry_run_shows_the_same_and_writes_nothing(folder, capsys):
    before = (folder / "old_claims.toml").read_text()
    assert main(["registry", "migrate", "--registry", "old_claims", "--dry-run"]) == 0
    assert '+direction = "decrease"\n' in capsys.readouterr().out
    assert (folder / "old_claims.toml").read_text() == before
    assert sorted(path.name for path in folder.glob("old_claims.*")) == ["old_claims.py", "old_claims.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (old_file(margin=0.02), f"{CLAIM.id} changed since; migrate at a commit"),
        ("schema = 2\n", "needs no migration"),
        ("[claims", "is not TOML"),
    ],
)
def test_what_cannot_be_migrated_is_one_sentence(folder, capsys, text, said):
    (folder / "old_claims.toml").write_text(text)
    assert main(["registry", "migrate", "--registry", "old_claims"]) == WRONG_USE
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert (folder / "old_claims.toml").read_text() == text


def test_a_module_that_is_not_there_is_named(folder, capsys):
    assert main(["registry", "migrate", "--registry", "nowhere.claims"]) == WRONG_USE
    assert "there is no module 'nowhere.claims' in " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("--registry", "x =", "strange.py, line 1: SyntaxError: invalid syntax in `x =`"),
        ("--registry", "claims = ()", "strange must hold FAMILIES, a tuple of ctlab.claims.Family; it has none"),
        ("--conditions", "import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        ("--conditions", "x = 1 / 0", "strange.py, line 1: ZeroDivisionError: division by zero"),
        ("--conditions", "def pytest_ctlab_conditions(card): card['n']", "strange.py, line 1: KeyError: 'n'"),
        ("--conditions", "", "strange has no hook pytest_ctlab_conditions; give --conditions MODULE, such as bench"),
    ],
)
def test_code_of_a_suite_that_fails_is_one_sentence(folder, capsys, monkeypatch, option, code, said):
    (folder / "strange.py").write_text(code)
    monkeypatch.delitem(sys.modules, "strange", raising=False)
    importlib.invalidate_caches()
    typed = {"--registry": "old_claims", "--conditions": "fixtures.conditions"} | {option: "strange"}
    before = (folder / "old_claims.toml").read_text()
    assert main(["registry", "migrate", *(word for pair in typed.items() for word in pair)]) == WRONG_USE
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert (folder / "old_claims.toml").read_text() == before


def test_the_module_is_the_one_that_the_ini_file_names(folder, capsys):
    (folder / "pytest.ini").write_text("[pytest]\nctlab_registry = old_claims\n")
    assert main(["registry", "migrate", "--dry-run"]) == 0
    assert "old_claims.toml" in capsys.readouterr().out


def test_python_m_ctlab_knows_the_command():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "ctlab", "--help"], capture_output=True, text=True, cwd=root, check=True
    )
    assert "registry" in done.stdout


def test_a_file_of_todays_form_gets_gold_answers_and_conditions_in_words_and_keeps_its_lines(folder, capsys):
    assert main(["registry", "migrate", "--registry", "old_claims"]) == 0
    path = folder / "old_claims.toml"
    whole = path.read_text("utf-8")
    bare = "".join(
        line for line in whole.partition("\n[conditions]")[0].splitlines(keepends=True) if "golds" not in line
    )
    assert "[conditions]" in whole
    assert bare != whole
    path.write_text(bare, encoding="utf-8")
    assert main(["registry", "migrate", "--registry", "old_claims"]) == 0
    assert path.read_text("utf-8") == whole
    registry = Registry.load(path)
    assert {each.name for each in registry.conditions.values()} == {"baseline", "ct0_blocked"}
    (subject,) = registry.subjects.values()
    assert len(subject.golds) == 4 * 1319
    assert "2 conditions in words" in capsys.readouterr().out
    path.write_text(whole.replace('keys = ["CT0"]', 'keys = ["CT1"]'), encoding="utf-8")
    assert main(["registry", "migrate", "--registry", "old_claims"]) == WRONG_USE
    assert "the words of the condition 'ct0_blocked' are not those of" in capsys.readouterr().err
