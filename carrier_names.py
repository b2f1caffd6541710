"""Finding carriers by what people call them. Pure: knows nothing of Odoo."""

import re

#: Letters, or digits: "RoyalMail24" is "royalmail" and "24".
WORDS = re.compile(r"[^\W\d_]+|\d+")
#: What people write into tracking numbers to read them better.
TRACKING_SEPARATORS = re.compile(r"[\s.\-]")


def words(text):
    """The words of a name, whatever the case, the punctuation and the accents of case folding.

    :rtype: tuple[str, ...]
    """
    return tuple(WORDS.findall((text or "").casefold()))


def mentions(text_words, name_words):
    """Whether a name stands in a text as whole words: "ups" stands in "UPS Standard", but not in "Groups".

    Words that are written together in the text, such as "RoyalMail", count as well.
    """
    if not name_words:
        return False
    length = len(name_words)
    if any(text_words[start : start + length] == name_words for start in range(len(text_words) - length + 1)):
        return True
    return length > 1 and "".join(name_words) in text_words


def best_mention(text, names):
    """The longest of the names that stand in a text; None when none does.

    :param names: an iterable of names
    """
    text_words = words(text)
    found = [name for name in names if mentions(text_words, words(name))]
    return max(found, key=lambda name: len("".join(words(name))), default=None)


def plain_tracking_number(number):
    """A tracking number without spaces, dots and dashes, in capitals."""
    return TRACKING_SEPARATORS.sub("", number or "").upper()
