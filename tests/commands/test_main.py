"""`ctlab` and `python -m ctlab`: one command, exit codes as pytest's."""

import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from ctlab.commands import main as module
from ctlab.commands.main import main
from ctlab.errors import InputError, StoreError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("that is wrong"), 4, "ctlab: that is wrong"),
        (StoreError("the disk is full"), 1, "ctlab: the disk is full"),
        (KeyboardInterrupt(), 2, "ctlab: interrupted"),
    ],
)
def test_what_went_wrong_is_a_sentence_and_a_code(error, code, said, monkeypatch, capsys):
    def fail(_):
        raise error

    monkeypatch.setattr(module, "COMMANDS", (replace(module.COMMANDS[0], run=fail),))
    assert main(["audit", "somewhere"]) == code
    assert capsys.readouterr().err.splitlines() == [said]


@pytest.mark.parametrize("output", ["print('x' * 100_000)", "print('x')", "raise BrokenPipeError"])
def test_nobody_who_reads_on_is_no_error(output):
    """As `ctlab store list … | head -1`."""
    code = (
        "import sys; from dataclasses import replace; from ctlab.commands import main as module\n"
        f"def run(_):\n    {output}\n"
        "module.COMMANDS = (replace(module.COMMANDS[0], run=run),)\n"
        "sys.exit(module.main(['audit', 'somewhere']))"
    )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_cannot_be_written_is_a_sentence():
    """As `ctlab store list … > FILE` on a full disk, by the module of the command itself."""
    for arguments in (["ctlab", "--help"], ["ctlab.commands.main", "compare", "--help"]):
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", *arguments], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, env=environment
            )
        assert done.returncode == 1
        assert done.stderr == b"ctlab: the output cannot be written: No space left on device\n"


def test_a_file_that_cannot_be_written_is_named(monkeypatch, capsys):
    def fail(_):
        raise PermissionError(13, "Permission denied", "reports/x")

    monkeypatch.setattr(module, "COMMANDS", (replace(module.COMMANDS[0], run=fail),))
    assert main(["audit", "somewhere"]) == 1
    assert capsys.readouterr().err == "ctlab: reports/x: Permission denied\n"


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1)])
def test_a_command_may_return_its_code(returned, code, monkeypatch):
    monkeypatch.setattr(module, "COMMANDS", (replace(module.COMMANDS[0], run=lambda _: returned),))
    assert main(["audit", "somewhere"]) == code


def test_an_unknown_subcommand_is_wrong_use():
    done = subprocess.run([sys.executable, "-m", "ctlab", "dance"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert line.startswith("ctlab: argument SUBCOMMAND: invalid choice: 'dance'")


def test_the_installed_command_is_the_same():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    name, _, function = scripts["ctlab"].partition(":")
    assert getattr(import_module(name), function) is main
