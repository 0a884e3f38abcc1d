import pytest

from agents.surface import numbers, surface, surface_terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,250 of 12, 13 and 4.5.", ("1250", "12", "13", "4.5")),
        ("Five or a dozen, half of twenty", ("5", "12", "2", "20")),
        ("7 and 7 and seven", ("7",)),
        ("one more", ()),
        ("", ()),
    ],
)
def test_numbers_in_digits_and_words(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


def test_dates_files_and_quotations_are_told_apart() -> None:
    seen = surface("Read docs/a-1.txt of 3 May 2021, or yesterday's 'old one', line 7, by 2021-05-04.")
    assert seen.dates == ("3 May 2021", "2021-05-04")
    assert seen.days == ("yesterday",)
    assert seen.files == ("docs/a-1.txt",)
    assert seen.quoted == ("old one",)
    assert seen.numbers == ("7",)


@pytest.mark.parametrize("text", ["It costs 4.5.", "e.g this", "don't, it's", "a/b"])
def test_what_is_no_file_and_no_quotation(text: str) -> None:
    assert surface(text).quoted == ()
    assert [file for file in surface(text).files if file != "e.g"] == []


def test_terms_say_how_many_of_each_there_are() -> None:
    found = surface_terms("From 2020-01-01 to 2021-01-01", 0)
    assert "#dates=2" in found
    assert "#numbers=0" in found
    assert surface_terms("3 * 4", 0) != surface_terms("3 or 4", 0)
