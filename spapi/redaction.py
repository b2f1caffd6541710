"""Taking what is secret or personal out of words that Amazon sends, before they reach a message or a log.

Names and postal addresses cannot be told from other words. That they stay out is a matter of what is passed on at
all: the ``code`` and ``message`` of Amazon's errors, never a body.
"""

from __future__ import annotations

import re

LONGEST_MESSAGE = 300
LONGEST_INPUT = 5000

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
SECRET_NAME = (
    r"(?:access_?token|refresh_?token|client_?secret|spapi_oauth_code|authorization|password|secret|signature)"
)
PATTERNS = (
    # Login with Amazon: access (Atza|), refresh (Atzr|) and restricted data tokens (Atz.sprdt|), client secrets.
    (re.compile(r"\bAtz[\w.]*\|[^\s\"',;<>]*", re.IGNORECASE), "[token]"),
    (re.compile(r"\bamzn1\.oa2-cs\.[^\s\"',;<>]*", re.IGNORECASE), "[secret]"),
    (re.compile(r"\beyJ[\w.-]{10,}"), "[token]"),
    (re.compile(r"(\bbearer\s+)[^\s\"',;<>]+", re.IGNORECASE), r"\1[token]"),
    (re.compile(rf"({SECRET_NAME}[\"']?\s*[=:]\s*)(?!\[)[\"']?[^\s\"',;&<>]+[\"']?", re.IGNORECASE), r"\1[secret]"),
    (re.compile(r"(https?://[^\s?\"'<>@]*)\?[^\s\"'<>]*", re.IGNORECASE), r"\1?[query]"),
    (re.compile(r"[^\s\"'<>(),;:=@]+@[^\s\"'<>(),;:@]+"), "[e-mail]"),
    (re.compile(r"\+[0-9][0-9 ().-]{5,}[0-9]"), "[phone]"),
    # Anything else as long and as mixed as a key. Amazon's request ids are UUIDs and stay: its support asks for them.
    (
        re.compile(rf"(?<![\w+/=|~.-])(?!{UUID}(?![\w+/=|~.-]))(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[\w+/=|~.-]{{32,}}"),
        "[redacted]",
    ),
)


def redact(text, known_secrets=()) -> str:
    """One short line of ``text`` without secrets, tokens, e-mail addresses, telephone numbers and URL queries.

    ``known_secrets`` are values that must not appear, whatever they look like.
    """
    line = str(text or "")
    for secret in known_secrets:
        if secret:
            line = line.replace(secret, "[secret]")
    line = " ".join("".join(c if c.isprintable() else " " for c in line[: 2 * LONGEST_INPUT]).split())
    if len(line) > LONGEST_INPUT:
        # Cut between words: half a token would not be recognized.
        line = line[:LONGEST_INPUT].rpartition(" ")[0]
    for pattern, replacement in PATTERNS:
        line = pattern.sub(replacement, line)
    if len(line) > LONGEST_MESSAGE:
        line = line[: LONGEST_MESSAGE - 1].rstrip() + "…"
    return line
