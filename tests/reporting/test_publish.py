import json

import pytest

from ctlab.errors import StoreError
from ctlab.reporting.publish import publish

REPORT = {"started": "2026-05-04T03:02:01+00:00"}


@pytest.fixture(autouse=True)
def written(monkeypatch):
    """Stands in for rendering: writes the report's JSON and notes which earlier reports were offered."""
    import ctlab.reporting

    offered = []

    def write_report(report, folder, *, predictions=None, problems=None, earlier=(), attempts=None):
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


def test_a_folder_called_latest_is_not_overwritten(tmp_path):
    (tmp_path / "latest").mkdir()
    with pytest.raises(StoreError, match=r"cannot write the report"):
        publish(tmp_path, REPORT, {})
