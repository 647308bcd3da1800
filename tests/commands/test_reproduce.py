"""`ctlab reproduce`: what it prints, what it writes, how it ends."""

import hashlib
import json

import pytest

from ctlab.commands.main import main


@pytest.fixture
def reproduce(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: main(["reproduce", *words])


def test_the_embedded_model_reproduces_its_card(reproduce, capsys, tmp_path):
    assert reproduce("tiny", "--limit", "400", "--json", "out.json") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("tiny (")
    assert "✔ reproduces 76.7 %" in printed
    form = json.loads((tmp_path / "out.json").read_text())
    assert (form["verdict"], form["published"], form["n"], form["diagnosis"]) == ("reproduces", 0.767, 400, None)
    (record,) = (tmp_path / ".ctlab" / "store").glob("v1/*/derived/reproduction-*")
    assert record.is_file()
    assert reproduce("tiny", "--limit", "400") == 0
    assert "generat" not in capsys.readouterr().err, "nothing is generated twice"


def test_too_few_problems_tell_nothing(reproduce, capsys):
    assert reproduce("tiny", "--limit", "40") == 1
    assert "cannot be told with 40 problems" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tiny-blind"], "no accuracy of tiny-blind on tiny is known here; say it (--published 0.556)"),
        (["tiny", "--published", "76.7"], "a proportion such as 0.556"),
        (["tiny", "--published", "0.5", "--expected", "x.json"], "two references"),
        (["tiny", "--expected", "absent.json"], "absent.json"),
        (["tiny", "--settings", "7=8"], "--settings is KEY=VALUE"),
        (["tiny", "--settings", "num_latent=0"], "num_latent"),
        (["tiny", "--dtype", "int8"], "dtype"),
        (["nowhere", "--published", "0.5"], "nowhere"),
        (["tiny", "--problems", "absent.jsonl", "--published", "0.5"], "absent.jsonl"),
        (["tiny", "--device", "cpu,cpu", "--settings", "num_latent=2"], "one device"),
    ],
)
def test_wrong_use_is_one_sentence(reproduce, capsys, words, says):
    assert reproduce(*words) == 4
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_wrong_setting_is_named_on_one_page(reproduce, capsys):
    assert reproduce("tiny", "--limit", "60", "--settings", "remove_eos=false", "--json", "out.json") == 1
    printed = capsys.readouterr().out
    assert "✘ falls short by" in printed
    assert '\nnext: "remove_eos": true' in printed
    assert max(map(len, printed.splitlines())) <= 120


def test_a_file_of_expected_answers_is_recorded_by_name_and_digest(reproduce, capsys, tmp_path):
    """The record lies in a store that others read: where the file lay on this machine is nothing to them."""
    row = {"question": "Tom has 5 apples. Tom buys 7 apples. How many apples?", "answer": "The answer is: 99"}
    for folder, answer in (("one", "The answer is: 99"), ("other", "The answer is: 98")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "expected.jsonl").write_text(json.dumps({**row, "answer": answer}) + "\n")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ctlab.reproduction.reproducing.diagnose", lambda *given, **more: None)
            reproduce("tiny", "--expected", str(tmp_path / folder / "expected.jsonl"), "--json", "out.json")
    capsys.readouterr()
    content = (tmp_path / "other" / "expected.jsonl").read_bytes()
    form = json.loads((tmp_path / "out.json").read_text())
    assert (form["source"], form["source_digest"]) == ("expected.jsonl", hashlib.sha256(content).hexdigest())
    records = list((tmp_path / ".ctlab" / "store").glob("v1/*/derived/reproduction-*"))
    assert len(records) == 2, "two files of one name are two references"
    # A record's head says what it is filed under; what it holds is compressed, and is what --json writes.
    assert not [each for each in records if bytes(tmp_path) in each.read_bytes()]
    assert str(tmp_path) not in json.dumps(form)
