"""The tools for what tokenisation hides from models: letters, lengths and order."""

from tools.text_compare import COMPARE_TEXTS
from tools.text_count import COUNT_TEXT
from tools.text_sort import SORT_LIST
from tools.text_spell import SPELL_TEXT

TEXT_TOOLS = (COUNT_TEXT, SORT_LIST, COMPARE_TEXTS, SPELL_TEXT)
"""Count, sort, compare and spell; their memory and time are bounded by the length of a text."""
