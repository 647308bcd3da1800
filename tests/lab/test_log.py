from ctlab.lab.log import ConsoleLog


def test_lines_go_to_standard_error_and_a_line_can_be_written_over(capsys):
    log = ConsoleLog()
    log.say("generating")
    log.rewrite("1 of 2")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "ctlab: generating\n\r\x1b[2Kctlab: 1 of 2"


def test_a_file_or_a_pipe_is_not_live(monkeypatch, tmp_path):
    with (tmp_path / "log").open("w") as file:
        monkeypatch.setattr("sys.__stderr__", file)
        assert not ConsoleLog().live
    monkeypatch.setattr("sys.__stderr__", None)  # as under pythonw
    assert not ConsoleLog().live
