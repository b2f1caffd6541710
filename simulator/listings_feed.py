"""The processing of a JSON_LISTINGS_FEED, message by message.

Document: https://developer-docs.amazon.com/sp-api/docs/listings-feed-type-values
"""

import json
from dataclasses import dataclass, field

from .bodies import complaints
from .feed_rules import FEED_TYPE, HEADER, MESSAGE, MOST_MESSAGES, OPERATION_RULES
from .listing_patches import attribute_name, patched

NOT_READABLE = "The feed is not valid JSON of the listings feed."


@dataclass
class Report:
    """What came of a feed: the issues as the processing report shows them, and how many messages were taken."""

    issues: list = field(default_factory=list)
    accepted: int = 0
    invalid: int = 0
    is_fatal: bool = False


def process(store, feed):
    """Apply the messages to the seller's listings; return the :class:`Report`."""
    problem = _feed_problem(feed)
    if problem or feed.fate == "feed_fatal":
        return _fatal(store, feed, problem)
    report, seen = Report(), set()
    with_message_id = feed.fate_options.get("with_message_id", True)
    for number, message in enumerate(feed.messages, 1):
        issues = _message_issues(message, seen) or _fated_issues(feed, message, number)
        issues = issues or _apply(store, feed, message)
        report.issues += [_reported(message if with_message_id else None, issue) for issue in issues]
        if any(issue["severity"] == "ERROR" for issue in issues):
            report.invalid += 1
        else:
            report.accepted += 1
    return report


def _fatal(store, feed, problem):
    """A feed that fails as a whole; by fault it may have been applied in part (option ``applied``)."""
    if not problem:
        for message in feed.messages[: feed.fate_options.get("applied", 0)]:
            _apply(store, feed, message)
    text = problem or "An internal error occurred while the feed was processed."
    return Report([{"code": "4000001", "severity": "ERROR", "message": text}], is_fatal=True)


def _feed_problem(feed):
    """Why the feed cannot be processed at all; empty when it can."""
    if feed.kind != FEED_TYPE:
        return f"The feed type {feed.kind} is no longer supported."
    if not feed.content_type.lower().startswith("application/json"):
        return "The content type of a listings feed is application/json."
    try:
        document = json.loads(feed.body.decode("utf-8"))
    except ValueError:
        return NOT_READABLE
    if not isinstance(document, dict) or set(document) != {"header", "messages"}:
        return NOT_READABLE
    found = complaints(HEADER, document["header"])
    if found or document["header"]["sellerId"] != feed.seller_id:
        return "The header is not valid: " + (found[0] if found else "sellerId is not that of the seller.")
    if not isinstance(document["messages"], list) or not document["messages"]:
        return NOT_READABLE
    if len(document["messages"]) > MOST_MESSAGES:
        return f"The feed has more than {MOST_MESSAGES} messages."
    return ""


def _message_issues(message, seen):
    """What the schema has against a message."""
    found = complaints(MESSAGE, message)
    if not found:
        needed, barred = OPERATION_RULES[message["operationType"]]
        found = [name for name in needed if name not in message] + [name for name in barred if name in message]
    if found or message["messageId"] in seen:
        return [{"code": "BAD_REQUEST", "severity": "ERROR", "message": "Invalid parameters provided."}]
    seen.add(message["messageId"])
    return []


def _fated_issues(feed, message, number):
    """The issues that the fault feed_partly_failed (options skus=, or every=) brings.

    With the option with_message_id=False the report does not say which messages they are about.
    """
    if feed.fate != "feed_partly_failed":
        return []
    options = feed.fate_options
    failed = message["sku"] in options["skus"] if "skus" in options else number % options.get("every", 2) == 0
    if not failed:
        return []
    text = options.get("message", "The update of this SKU failed.")
    return [{"code": options.get("code", "8541"), "severity": "ERROR", "message": text}]


def _apply(store, feed, message):
    """Apply one message unless there are errors; return its issues."""
    listing = store.listings.find(feed.seller_id, message["sku"], feed.marketplace_ids)
    if listing is None:
        text = f"The SKU '{message['sku']}' is not in the catalog."
        return [{"code": "13013", "severity": "ERROR", "message": text}]
    if message["operationType"] == "DELETE":
        if feed.fate != "accepted_without_effect":
            del store.listings[feed.seller_id, message["sku"]]
        return []
    patches = _patches(listing, message)
    if not all(attribute_name(patch["path"]) for patch in patches):
        return [{"code": "BAD_REQUEST", "severity": "ERROR", "message": "Invalid parameters provided."}]
    attributes, issues = patched(listing, message["productType"], patches)
    if not any(issue["severity"] == "ERROR" for issue in issues) and feed.fate != "accepted_without_effect":
        names = [attribute_name(patch["path"]) for patch in patches]
        store.listings.change(listing, attributes, names, "feed")
    return issues


def _patches(listing, message):
    """The patches that a message stands for: UPDATE also takes away what it does not name."""
    if message["operationType"] == "PATCH":
        return message["patches"]
    given = message["attributes"]
    patches = [{"op": "replace", "path": f"/attributes/{name}", "value": value} for name, value in given.items()]
    if message["operationType"] == "UPDATE":
        gone = [name for name in listing.attributes if name not in given]
        patches += [{"op": "delete", "path": f"/attributes/{name}"} for name in gone]
    return patches


def _reported(message, issue):
    """An issue as the processing report shows it."""
    row = {name: issue[name] for name in ("code", "severity", "message")}
    if isinstance(message, dict) and isinstance(message.get("messageId"), int) and message["messageId"] > 0:
        row["messageId"] = message["messageId"]
        if isinstance(message.get("sku"), str) and message["sku"] and issue["code"] != "BAD_REQUEST":
            row["sku"] = message["sku"]
    if issue.get("attributeNames"):
        row["attributeName"] = issue["attributeNames"][0]
    return row
