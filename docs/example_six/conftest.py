pytest_plugins = ("bench",)
