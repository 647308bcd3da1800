import json

import pytest

from ctlab.errors import StoreError
from ctlab.reporting.publish import check_place, publish

REPORT = {"started": "2026-05-04T03:02:01+00:00"}


@pytest.fixture(autouse=True)
def written(monkeypatch):
    """Stands in for rendering: writes the report's JSON and notes which earlier reports were offered."""
    import ctlab.reporting

    offered = []

    def write_report(report, folder, *, predictions=None, problems=None, earlier=()):
        (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
        offered.append([path.name for path in earlier])

    monkeypatch.setattr(ctlab.reporting, "write_report", write_report, raising=False)
    return offered


def test_each_run_has_its_folder_and_latest_is_the_last(tmp_path, written):
    first = publish(tmp_path, REPORT, {})
    second = publish(tmp_path, REPORT, {})
    assert [first.name, second.name] == ["2026-05-04-030201", "2026-05-04-030201-2"]
    assert (tmp_path / "latest").resolve() == second
    assert written == [[], ["2026-05-04-030201"]]
    assert json.loads((tmp_path / "latest" / "report.json").read_text(encoding="utf-8")) == REPORT


def test_latest_stays_where_it_was_when_a_report_fails(tmp_path, monkeypatch):
    import ctlab.reporting

    first = publish(tmp_path, REPORT, {})

    def broken(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ctlab.reporting, "write_report", broken, raising=False)
    with pytest.raises(StoreError, match=r"cannot write the report to .*: No space left on device"):
        publish(tmp_path, REPORT, {})
    assert (tmp_path / "latest").resolve() == first


def test_a_report_that_fails_leaves_no_folder(tmp_path, monkeypatch):
    import ctlab.reporting

    def broken(report, folder, **kwargs):
        (folder / "report.json").write_text("{}", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ctlab.reporting, "write_report", broken, raising=False)
    with pytest.raises(StoreError, match=r"No space left"):
        publish(tmp_path, REPORT, {})
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_taken_by_whatever_has_it(tmp_path):
    (tmp_path / "2026-05-04-030201").write_text("a file", encoding="utf-8")
    (tmp_path / "2026-05-04-030201-2").symlink_to("nowhere")
    assert publish(tmp_path, REPORT, {}).name == "2026-05-04-030201-3"


@pytest.mark.parametrize(("make", "what"), [("mkdir", "a folder"), ("touch", "a file")])
def test_a_folder_or_file_called_latest_is_refused_before_the_run(tmp_path, make, what):
    getattr(tmp_path / "latest", make)()
    with pytest.raises(StoreError, match=rf"latest is {what}, and ctlab keeps a link of that name"):
        check_place(tmp_path)


def test_a_link_to_nowhere_is_said_and_replaced(tmp_path):
    (tmp_path / "latest").symlink_to("gone")
    assert "leads to gone, which is gone" in check_place(tmp_path)
    publish(tmp_path, REPORT, {})
    assert check_place(tmp_path) == ""
