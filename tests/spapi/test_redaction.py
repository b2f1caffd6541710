"""What is taken out of Amazon's words."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spapi.redaction import LONGEST_MESSAGE, redact

ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNOPQRSTUVWXYZ0123456789"
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Atza|IwEBIabc", "The access token Atza|IwEBIabc you provided has expired."),
        ("Atzr|IwEBIabc", "refresh_token=Atzr|IwEBIabc"),
        ("IwEB-sprdt", "Atz.sprdt|IwEB-sprdt is malformed"),
        ("amzn1.oa2-cs.v1.abcdef", "client amzn1.oa2-cs.v1.abcdef is unknown"),
        ("hunter2", '{"client_secret": "hunter2"}'),
        ("hunter2", "client_secret=hunter2&grant_type=x"),
        ("hunter2", "Authorization: hunter2"),
        ("abc.def", "Bearer abc.def"),
        ("jane.doe", "jane.doe@example.com is not a buyer"),
        ("x1y2z3abc", "alias x1y2z3abc@marketplace.amazon.com"),
        ("512", "call +1 512-555-0100 now"),
        ("X-Amz-Signature", "https://bucket.s3.amazonaws.com/doc?X-Amz-Signature=abc&Expires=1"),
        ("eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc"),
        ("0123456789abcdef0123456789abcdef", "key 0123456789abcdef0123456789abcdef is wrong"),
    ],
)
def test_secrets_and_addresses_are_taken_out(secret, text):
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Invalid Input: marketplaceIds A1PA6795UKMFR9",
        "Order 112-4455667-8899001 was not found",
        "8b2ac5b6-7e2f-4a5b-9a8e-1234567890ab",
        "lastUpdatedBefore must be 2 minutes before 2026-11-23T10:00:00Z",
        "PackageReferenceId: is invalid, must be a positive numeric value.",
        "You exceeded your quota for the requested resource.",
    ],
)
def test_what_helps_stays(text):
    assert redact(text) == text


def test_known_secrets_go_whatever_they_look_like():
    assert redact("wrong: tiny", ["tiny", ""]) == "wrong: [secret]"


def test_the_result_is_one_short_line():
    assert redact("a\n\tb\x00c\r\n") == "a b c"
    assert len(redact("word " * 10000)) <= LONGEST_MESSAGE


@pytest.mark.parametrize("nothing", [None, "", b""])
def test_nothing_is_an_empty_text(nothing):
    assert redact(nothing) == ""


@given(before=WORDS, token=st.text(alphabet=ALPHABET, min_size=20, max_size=400), after=WORDS)
def test_a_token_never_survives(before, token, after):
    assume(token not in before + after)
    assert token not in redact(f"{before} Atzr|{token} {after}")


@given(before=WORDS, name=st.text(alphabet=ALPHABET, min_size=8, max_size=40), after=WORDS)
def test_an_address_never_survives(before, name, after):
    assume(name not in before + after)
    assert name not in redact(f"{before} {name}@example.com {after}")


@given(before=WORDS, secret=st.text(alphabet=ALPHABET, min_size=8, max_size=80), after=WORDS)
def test_a_known_secret_never_survives(before, secret, after):
    assert secret not in redact(f"{before}{secret}{after}", [secret])


@given(st.text(max_size=2000))
def test_any_text_becomes_one_short_line(text):
    line = redact(text)
    assert len(line) <= LONGEST_MESSAGE
    assert line.isprintable()
