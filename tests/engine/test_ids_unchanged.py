"""The source that decides answers and measurements is the one that their version stands for."""

import pytest

from tests.engine import record_ids_unchanged
from tests.engine.record_ids_unchanged import COMMAND, FILE, ROOT, VERSIONS, current, recorded


@pytest.mark.parametrize("kind", VERSIONS)
def test_source_is_the_one_that_the_version_stands_for(kind):
    name, file = VERSIONS[kind]
    assert current()[kind] == recorded()[kind], (
        f"source that decides {kind} changed since {FILE.relative_to(ROOT)} was written. "
        f"If token ids and measurements are the same, rounding aside, run `{COMMAND}` and commit that file. "
        f"If they are others, raise {name} in {file} first: what is stored is made again then."
    )


@pytest.mark.parametrize(
    ("body", "recorded_anew"),
    [
        ("assert True", True),
        ("pytest.skip('this machine has no GPU')", True),
        ("assert False", False),
        ("pytest.skip('golden/codi-gpt2 is not in the shared data folder')", False),
    ],
)
def test_only_met_vectors_are_recorded(tmp_path, monkeypatch, body, recorded_anew):
    tests = tmp_path / "test_vectors.py"
    tests.write_text(f"import pytest\ndef test_one(): pass\ndef test_other(): {body}\n", encoding="utf-8")
    monkeypatch.setattr(record_ids_unchanged, "SHOWN_BY", (str(tests),))
    monkeypatch.setattr(record_ids_unchanged, "FILE", tmp_path / "ids_unchanged.toml")
    assert record_ids_unchanged.main() == (0 if recorded_anew else 1)
    assert (tmp_path / "ids_unchanged.toml").exists() is recorded_anew
    if recorded_anew:
        assert recorded() == current()
