from ctlab.plugin.options import OPTIONS


def test_help_lists_every_option(pytester):
    text = pytester.runpytest_inprocess("--help").stdout.str()
    for option in OPTIONS:
        assert f"--ctlab-{option.name}" in text or option.where == "ini"
        assert "ctlab_" + option.name.replace("-", "_") in text or option.where == "command line"
