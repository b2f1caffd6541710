"""The rules for the document of a JSON_LISTINGS_FEED, declared as data.

They are those of Amazon's schema "Selling Partner JSON Listings Feed (v2)".
"""

from .listing_patches import PATCH

FEED_TYPE = "JSON_LISTINGS_FEED"
MOST_MESSAGES = 25_000
DATA_SETS = [
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
]
HEADER = {
    "type": "object",
    "required": ["sellerId", "version"],
    "properties": {
        "sellerId": {"type": "string"},
        "version": {"type": "string", "enum": ["2.0"]},
        "issueLocale": {"type": "string"},
        "report": {
            "type": "object",
            "required": ["includedData", "apiVersion"],
            "properties": {
                "includedData": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": DATA_SETS}},
                "apiVersion": {"type": "string", "enum": ["2021-08-01"]},
            },
        },
    },
}
MESSAGE = {
    "type": "object",
    "required": ["messageId", "sku", "operationType"],
    "properties": {
        "messageId": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "sku": {"type": "string", "minLength": 1},
        "operationType": {"type": "string", "enum": ["UPDATE", "PARTIAL_UPDATE", "PATCH", "DELETE"]},
        "productType": {"type": "string", "minLength": 1},
        "requirements": {"type": "string", "enum": ["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"]},
        "attributes": {"type": "object", "minProperties": 1, "additionalProperties": True},
        "patches": {"type": "array", "minItems": 1, "items": PATCH},
    },
}
# Operation -> members that it needs, members that it must not have.
OPERATION_RULES = {
    "UPDATE": (("productType", "attributes"), ("patches",)),
    "PARTIAL_UPDATE": (("productType", "attributes"), ("requirements", "patches")),
    "PATCH": (("productType", "patches"), ("requirements", "attributes")),
    "DELETE": ((), ("requirements", "attributes", "productType", "patches")),
}
