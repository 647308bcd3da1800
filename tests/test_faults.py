"""The command that tries faults: its table, its document, its exit code, and that its trials can fail."""

import json
from dataclasses import replace

import pytest

from benchmarks import faults, faults_inputs
from benchmarks.faults import PARTS, Part, growth, main
from benchmarks.faults_cases import Reached, allowed, came_of, cases, forbidden
from benchmarks.faults_endurance import KINDS, Sample
from benchmarks.faults_kills import Kill, has_traceback
from benchmarks.faults_kills import _outcome as kill_outcome
from benchmarks.faults_kills_store import _published as published
from benchmarks.faults_outcomes import HARM, Outcome, row, table
from benchmarks.faults_plugins import COMBINATIONS
from ctlab.errors import InputError


def lines(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def test_a_table_counts_every_outcome_and_their_sum():
    rows = [row("one", [Outcome.WRONG, Outcome.REFUSED, Outcome.REFUSED]), row("two", [Outcome.LOST] * 1000)]
    head, _, first, second, both = lines(table(rows))
    assert head == ["fault", "tried", *Outcome]
    assert first == ["one", "3", "0", "1", "0", "0", "2", "0"]
    assert second == ["two", "1,000", "1,000", "0", "0", "0", "0", "0"]
    assert both == ["all", "1,003", "1,000", "1", "0", "0", "2", "0"]
    assert [each.harm for each in rows] == [1, 1000]


def test_every_outcome_is_harm_or_none():
    assert {*HARM} == {*Outcome} - {Outcome.RECOVERED, Outcome.UNNOTICED, Outcome.REFUSED}


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "reliability.md"
    path.write_text("# R\n" + "".join(f"<!-- {name} -->\nold {name}\n<!-- /{name} -->\n" for name in PARTS), "utf-8")
    return path


def test_a_quick_trial_of_files_and_texts_writes_these_parts_alone(document, capsys):
    assert main(["files", "fuzz", "--quick", "--out", str(document)]) == 0
    text = document.read_text(encoding="utf-8")
    for name in PARTS:
        assert (f"old {name}\n" in text) == (name not in ("files", "fuzz"))
    assert "| a lock that the system refuses | 1 | 0 | 0 | 0 | 0 | 1 | 0 |" in text
    assert "a quick trial.*" in text
    assert "lost, wrong" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_quick_trial_of_identity_models_and_hostile_checkpoints(capsys):
    assert main(["identity", "models", "hostile", "--quick"]) == 0
    assert "lost, wrong" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_quick_trial_in_processes_of_its_own(tmp_path):
    import subprocess
    import sys

    command = [sys.executable, "-m", "benchmarks.faults", "kills", "endurance", "--quick"]
    done = subprocess.run(command, cwd=faults.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| import ended at every moment | 1 |" in done.stdout


def test_harm_is_said_and_ends_with_1(document, monkeypatch, capsys):
    found = Part(rows=(row("f", [Outcome.WRONG], ["f, seed 13, trial 0: wrong"]),))
    monkeypatch.setitem(PARTS, "models", lambda folder, quick: found)
    assert main(["models", "--out", str(document)]) == 1
    assert "f, seed 13, trial 0: wrong\nlost, wrong or a traceback in: models" in capsys.readouterr().out


def test_an_unknown_part_and_a_document_without_a_place_are_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["z"])
    assert "unknown part 'z'; parts are identity, models" in capsys.readouterr().err
    (tmp_path / "other.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"has no part 'fuzz'; write `<!-- fuzz -->`"):
        main(["fuzz", "--quick", "--out", str(tmp_path / "other.md")])


def test_the_document_has_a_place_for_every_part_and_nothing_lost_or_wrong():
    text = faults.DOCUMENT.read_text(encoding="utf-8")
    for name in PARTS:
        faults.replaced(faults.DOCUMENT, name, "")
    rows = [each for each in lines(text) if len(each) == 2 + len(Outcome) and each[1].replace(",", "").isdigit()]
    assert rows
    for cells in rows:
        counts = dict(zip(Outcome, (int(cell.replace(",", "")) for cell in cells[2:]), strict=True))
        assert sum(counts.values()) == int(cells[1].replace(",", "")), cells
        assert not counts[Outcome.LOST] + counts[Outcome.WRONG], cells


def test_what_grows_is_said():
    samples = [
        Sample(kind=kind, memory_kib=1e5 + 40 * n, files=9 + n // 10, threads=1, temporary=0)
        for n, kind in enumerate(list(KINDS) * 10)
    ]
    part = growth(samples, lasting=True)
    assert [finding.split(" grow")[0] for finding in part.findings] == ["memory, KiB", "open files"]
    assert part.harm
    assert not growth(samples, lasting=False).harm
    assert "| memory, KiB | 100,640 | 103,160 | 1.025 | +40.000 |" in part.more


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("fakes.py:3: KeyboardInterrupt\n(to show a full traceback on KeyboardInterrupt use --full-trace)\n", False),
        ("!!!!!!!! KeyboardInterrupt !!!!!!!!\n", False),
        ("4 failed in 2 s\nKeyboardInterrupt\n", True),
        ("x\nTraceback (most recent call last)\n", True),
        ("x\nINTERNALERROR> y\n", True),
    ],
)
def test_pytest_s_own_lines_on_ctrl_c_are_no_traceback(output, found):
    assert has_traceback(output) == found


KILL = Kill(
    signal="SIGINT",
    after_s=0.1,
    in_time=True,
    half=0,
    unfinished=0,
    traceback=False,
    table=True,
    latest_is_whole=True,
    end="",
)


@pytest.mark.parametrize(
    ("change", "half", "outcome"),
    [
        ({}, False, Outcome.RECOVERED),
        ({}, True, Outcome.WRONG),
        ({"latest_is_whole": False}, False, Outcome.WRONG),
        ({"traceback": True}, False, Outcome.TRACEBACK),
        ({"table": False}, False, Outcome.LOST),
        ({"table": False, "signal": "SIGKILL"}, False, Outcome.RECOVERED),
    ],
)
def test_what_came_of_a_kill(change, half, outcome):
    assert kill_outcome(replace(KILL, **change), half) == outcome


@pytest.mark.slow
def test_batches_that_are_made_again_are_lost(tmp_path):
    two = ["generated baseline:p0 baseline:p1", "generated baseline:p2"]
    assert published(tmp_path / "empty", two) == Outcome.LOST
    assert published(tmp_path / "other", two[:1]) == Outcome.RECOVERED  # it was in flight


def test_cases_are_the_parameters_of_a_test():
    @pytest.mark.parametrize("a", [1, 2])
    @pytest.mark.parametrize(("b", "c"), [(3, 4)])
    def test(a, b, c):
        pass

    assert cases(test) == [{"b": 3, "c": 4, "a": 1}, {"b": 3, "c": 4, "a": 2}]


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (InputError("f: it is empty; fill it"), Outcome.REFUSED),
        (InputError("two\nlines"), Outcome.WRONG),
        (Reached("the network"), Outcome.WRONG),
        (SystemExit("code of a checkpoint"), Outcome.WRONG),
        (TimeoutError("late"), Outcome.TRACEBACK),
        (RecursionError("deep"), Outcome.TRACEBACK),
    ],
)
def test_what_comes_of_something_hostile(raised, outcome):
    def read():
        raise raised

    assert came_of(read, allowed)[0] == outcome
    assert came_of(lambda: 3, allowed)[0] == Outcome.UNNOTICED
    assert came_of(lambda: 3, forbidden)[0] == Outcome.WRONG


def test_who_asks_the_network_is_found_out():
    import socket

    def ask():
        try:
            socket.create_connection(("huggingface.co", 443), 1)
        except OSError:
            return 3

    assert came_of(ask, allowed) == (Outcome.WRONG, "Reached: the network was asked for huggingface.co")


def test_a_reader_that_believes_everything_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setitem(faults_inputs.JSON, "report.json", lambda path: json.loads(path.read_bytes().decode("latin-1")))
    monkeypatch.setattr(faults_inputs, "_places", lambda folder, name: [])  # an endless device is no file for it
    found = {each.fault: each for each in faults_inputs.file_rows(tmp_path)}
    broken = found["report.json that is none"].outcomes
    assert broken[Outcome.TRACEBACK]
    assert broken[Outcome.WRONG]
    assert not found["ctlab.json that is none"].harm


def test_who_reads_without_end_is_stopped():
    def read():
        with faults_inputs._impatient():
            return bytearray(1 << 30)

    assert came_of(read, allowed)[0] == Outcome.TRACEBACK


def test_the_table_of_plugins_has_each_combination_once():
    assert len({(given.environment, given.args, given.ini) for given in COMBINATIONS}) == len(COMBINATIONS)
    assert len({given.name for given in COMBINATIONS}) == len(COMBINATIONS) >= 43
    assert {given.group for given in COMBINATIONS} >= {"randomly", "xdist", "flaky", "options of pytest's own"}
