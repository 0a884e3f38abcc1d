from hypothesis import settings

# The machine may be busy: no test asserts on time. The same examples are tried everywhere.
settings.register_profile("tools", deadline=None, derandomize=True)
settings.load_profile("tools")
