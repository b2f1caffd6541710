"""Input that nobody should send, for hypothesis: any JSON, any text, and valid answers in which something is wrong.

The number of examples is AMAZON_FUZZ_EXAMPLES. Without it there are few, and always the same ones. Pure Python:
nothing of Odoo is imported.
"""

import copy
import json
import os
import random
import string
import traceback

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("AMAZON_FUZZ_EXAMPLES") or 60)
#: Longer than an entry of an index of the database may be, and not to be packed into one.
LONG = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=6000))

#: Words that must stand in no message and no log line: names where values are not to be repeated at all ...
PERSONAL = ("Anna Beispiel", "Hauptstrasse 5")
#: ... and what may not even stand in Amazon's own words.
SECRETS = (
    "Atza|IwEBIAccess-Token.of~somebody",
    "Atzr|IwEBIRefresh-Token.of~somebody",
    "amzn1.oa2-cs.v1.0123456789abcdef0123456789abcdef",
    "anna.beispiel@example.com",
    "+49 89 12345678",
)

UGLY_TEXTS = (
    "",
    " ",
    "\x00",
    "nul\x00inside",
    "half a pair \ud83d",
    "\udc00 the other half",
    "\ufeffmark",
    "\u202eright to left",
    "👩‍👩‍👧‍👦 \U0010ffff",
    "e\u0301" * 50,
    "\x1b[31m\r\n\t\x7f\x85\u2028",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; \" ' `",
    "%(name)s %s {0} {{x}} ${x} #{x} <t t-out='1'/>",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1}",
    "'; DROP TABLE sale_order; --",
    "../../etc/passwd",
    "NaN",
    "Infinity",
    "1e400",
    "9" * 400,
    "²",
    "٣",
    "0x10",
    "1_000",
    "true",
    "null",
    "x" * 5000,
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30T00:00:00Z",
    "2026-11-22T18:36:40+99:99",
    *PERSONAL,
    *SECRETS,
)
UGLY_NUMBERS = (
    *(0, -1, 1.5, -0.0, 1e-320, 1e300, 10**15, 10**18, 10**30, -(10**30), 2**31, 2**63, 19.99),
    *(float("nan"), float("inf"), float("-inf")),
)
DEPTHS = (3, 50, 200)


def examples(share=1.0):
    """Settings of a property that sees its share of the examples."""
    return settings(
        max_examples=max(int(EXAMPLES * share), 1),
        derandomize="AMAZON_FUZZ_EXAMPLES" not in os.environ,
        phases=[Phase.explicit, Phase.generate],  # add Phase.shrink to make a failure smaller
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def texts():
    """Any text: of every plane of Unicode, with NUL and halves of pairs, and what programs trip over."""
    return st.sampled_from(UGLY_TEXTS) | st.text(st.characters(), max_size=30)


def numbers():
    return st.sampled_from(UGLY_NUMBERS) | st.integers() | st.floats()


def scalars():
    return st.none() | st.booleans() | numbers() | texts()


def values():
    """Any JSON value, and the numbers that Python's reader takes and JSON does not have."""
    return st.recursive(
        scalars(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3), max_leaves=8
    ) | st.sampled_from(DEPTHS).map(nested)


def nested(depth):
    """Lists and objects in each other, so many."""
    value = "the innermost"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@st.composite
def broken(draw, valid, most=4):
    """A valid value in which members are missing, repeated, of another type, huge, or anything else."""
    value = copy.deepcopy(draw(valid) if isinstance(valid, st.SearchStrategy) else valid)
    for _time in range(draw(st.integers(1, most))):
        places = [path for path in paths(value) if path]
        if not places:
            return draw(values())
        depth = draw(st.integers(1, max(map(len, places))))  # whole parts as often as single values
        _break_at(draw, value, draw(st.sampled_from([path for path in places if len(path) <= depth])))
    return value


def _break_at(draw, value, path):
    *parents, last = path
    for step in parents:
        value = value[step]
    way = draw(st.sampled_from(["replace", "replace", "ugly text", "remove", "null", "wrap", "repeat", "rename"]))
    if way == "replace":
        value[last] = draw(values())
    elif way == "ugly text":
        value[last] = draw(texts())
    elif way == "remove":
        del value[last]
    elif way == "null":
        value[last] = None
    elif way == "wrap":
        value[last] = draw(st.sampled_from([lambda inner: [inner], lambda inner: {"value": inner}]))(value[last])
    elif isinstance(value, list):
        value += [copy.deepcopy(value[last])] * draw(st.integers(1, 30))
    elif way == "rename":
        value[draw(texts())] = value.pop(last)
    else:
        value[last] = [copy.deepcopy(value[last]) for _time in range(draw(st.integers(2, 30)))]


def paths(value, prefix=(), depth=12):
    """Where something stands within a JSON value."""
    yield prefix
    if depth and isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*prefix, key), depth - 1)


def told(error):
    """All that a log or a page could show of an exception."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(getattr(error, "__notes__", ""))


def texts_in(value):
    """Every text in a value of tuples, dataclasses, dicts and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(key)
            yield from texts_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_in(inner)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts_in(getattr(value, name))


def as_json(value) -> bytes:
    """A value as the bytes of an answer."""
    return json.dumps(value).encode()
