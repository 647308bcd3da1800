"""`ctlab` and `python -m ctlab`: one command, exit codes as pytest's."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from ctlab.commands import main as module
from ctlab.commands.main import COMMANDS, main
from ctlab.commands.parser import parser_of
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
    assert main([module.COMMANDS[0].name, "somewhere"]) == code
    assert capsys.readouterr().err.splitlines() == [said]


@pytest.mark.parametrize("output", ["print('x' * 100_000)", "print('x')", "raise BrokenPipeError"])
def test_nobody_who_reads_on_is_no_error(output):
    """As `ctlab store list … | head -1`."""
    code = (
        "import sys; from dataclasses import replace; from ctlab.commands import main as module\n"
        f"def run(_):\n    {output}\n"
        "module.COMMANDS = (replace(module.COMMANDS[0], run=run),)\n"
        "sys.exit(module.main([module.COMMANDS[0].name, 'somewhere']))"
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
    assert main([module.COMMANDS[0].name, "somewhere"]) == 1
    assert capsys.readouterr().err == "ctlab: reports/x: Permission denied\n"


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1)])
def test_a_command_may_return_its_code(returned, code, monkeypatch):
    monkeypatch.setattr(module, "COMMANDS", (replace(module.COMMANDS[0], run=lambda _: returned),))
    assert main([module.COMMANDS[0].name, "somewhere"]) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("jugde a b", "ctlab: there is no subcommand 'jugde'; did you mean judge?; see ctlab --help"),
        ("dance", "ctlab: there is no subcommand 'dance'; there are new, problems, plan, "),
        ("store veryfi", "ctlab store: there is no action 'veryfi'; did you mean verify?; see ctlab store --help"),
        ("registry up", "ctlab registry: there is no action 'up'; there are migrate; see ctlab registry --help"),
        (
            "judge a b --expekt x",
            "ctlab judge: '--expekt' is not understood here; did you mean --expect?; see",
        ),
        ("compare a b c", "ctlab compare: 'c' is one word too many (what has blanks in it takes quotes); see"),
        ("store ls --bogus=1", "ctlab store ls: '--bogus=1' is not understood here; see ctlab store ls --help"),
        (
            "judge a b --markdown",
            "ctlab judge: argument --markdown: FILE is missing behind it: write a text for",
        ),
        ("judge a b --margin --by c", "ctlab judge: argument --margin: N is missing behind it: ask whether the files"),
        ("judge a b --score mine", "ctlab judge: argument --score: 'mine' is none of its values; there are tool, ours"),
        ("paper", "ctlab paper: the following arguments are required: RUN; see ctlab paper --help"),
        ("report absent", "ctlab: absent does not exist; give the folder of a report, such as reports/latest"),
        ("report .", "ctlab: . holds no report.json; give the folder of a report, such as reports/latest"),
        ("report empty.bin", "ctlab: empty.bin is no report; give the folder of one, such as reports/latest, or its"),
        ("report report.json", "ctlab: report.json: model is missing; give a report as it was written"),
        ("paper absent", "ctlab: absent does not exist; give the folder of a report, such as reports/latest"),
        ("compare . .", "ctlab: . holds no report.json; give the folder of a report, such as reports/latest"),
        ("plan absent", "ctlab: absent does not exist; give the folder of a suite, or begin one with ctlab new"),
        ("plan empty.bin", "ctlab: empty.bin is neither a folder nor a file of tests; give the folder of a suite"),
        ("registry migrate --registry absent", "ctlab: there is no module 'absent' in "),
        ("new My_Paper!", "ctlab: 'My_Paper!' cannot be a suite's name"),
        ("new ..", "ctlab: .. names no new folder; give the name of one to make, such as my-paper"),
        ("store ls --ctlab-store absent", "ctlab: there is no store at"),
    ],
)
def test_wrong_use_is_one_sentence_with_the_nearest_name(typed, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.bin").touch()
    if "report.json" in typed:
        (tmp_path / "report.json").write_text("{}")
    try:
        code = main(typed.split())
    except SystemExit as ended:  # of argparse
        code = ended.code
    assert code == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(said)


def test_alone_it_shows_its_help(capsys):
    assert main([]) == 0
    said = capsys.readouterr().out
    listed = re.findall(r"^  (\w+)  +\w", said.partition("start:")[2].partition("options:")[0], re.MULTILINE)
    assert sorted(listed) == sorted(["pytest", *(command.name for command in COMMANDS)])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_help_has_examples_that_are_understood_and_says_what_exit_codes_mean(command, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith(f"usage: ctlab {command.name} ")
    assert "exit codes: 0 " in said
    assert max(map(len, said.splitlines())) <= 80
    assert command.examples
    for example in command.examples:
        assert f"  {example}\n" in said
        first, *typed = shlex.split(example)
        assert first == "ctlab"
        assert parser_of(COMMANDS).parse_args(typed).command is command


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.name in ("store", "registry")])
def test_each_action_has_an_example_of_its_own(command, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([command.name, "--help"])
    listed = re.findall(r"^    (\w+) ", capsys.readouterr().out.partition("options:")[0], re.MULTILINE)
    assert listed
    for action in listed:
        with pytest.raises(SystemExit):
            main([command.name, action, "--help"])
        said = capsys.readouterr().out
        assert f"\n\nexamples:\n  ctlab {command.name} {action}" in said
        assert "exit codes: 0 " in said
        assert max(map(len, said.splitlines())) <= 80


def test_the_installed_command_is_the_same():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    name, _, function = scripts["ctlab"].partition(":")
    assert getattr(import_module(name), function) is main
