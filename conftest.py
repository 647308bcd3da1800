pytest_plugins = ("fixtures.settings", "fixtures.problems", "pytester")
