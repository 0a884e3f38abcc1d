"""A terminal app and profiler for small language models under three agent paradigms."""

__version__ = "0.1.0"
