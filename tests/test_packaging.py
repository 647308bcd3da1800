"""The version is said once; a wheel holds the package and nothing else, and works where it is installed."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import ctlab
from ctlab.commands.main import main

ROOT = Path(__file__).parents[1]


def test_the_version_is_the_same_wherever_it_is_said(capsys):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"] == {"version": {"attr": "ctlab.__version__"}}
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = next(line for line in changelog.splitlines() if line.startswith("## [") and "Unreleased" not in line)
    assert released == f"## [{ctlab.__version__}] - {cited['date-released']}"
    assert str(cited["version"]) == ctlab.__version__
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"ctlab {ctlab.__version__}\n"


@pytest.mark.slow
def test_a_wheel_holds_the_package_alone_and_runs_a_new_suite(tmp_path):
    """From the sdist, into an environment that sees the libraries of this one and no ctlab but the wheel's."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, env=environment)
    (wheel,), (sdist,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ctlab").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in inside if ".dist-info/" not in name} == package
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    written = {"CHANGELOG.md", "CITATION.cff", "LICENSE", "MANIFEST.in", "README.md", "ctlab", "pyproject.toml"}
    assert tops == written | {"PKG-INFO", "setup.cfg", "ctlab.egg-info"}

    there = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(there)], check=True)
    (packages,) = there.glob("lib/*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"])
    python = str(there / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index"]
    install += ["--no-deps", "--ignore-installed", str(wheel)]  # another ctlab may be among the libraries: leave it
    subprocess.run(install, check=True, capture_output=True, env=environment)

    def run(*typed, cwd):
        return subprocess.run(typed, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    where = run(python, "-c", "import ctlab; print(ctlab.__file__)", cwd=tmp_path).stdout
    assert where.startswith(str(packages))
    new = run(str(there / "bin" / "ctlab"), "new", "first", cwd=tmp_path)
    assert new.returncode == 0, new.stderr
    done = run(python, "-P", "-m", "pytest", "--ctlab-limit=60", cwd=tmp_path / "first")
    assert "ct1-matters-more-than-ct5" in done.stdout
    assert done.returncode in (0, 1), done.stdout  # 60 problems may not settle it
    assert (tmp_path / "first" / "reports" / "latest" / "index.html").is_file()
