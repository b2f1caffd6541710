"""An order with everything in it, and how to change it."""

import copy

ORDER = {
    "orderId": "111-2223334-5556667",
    "createdTime": "2026-11-22T18:04:11.482Z",
    "lastUpdatedTime": "2026-11-22T18:36:40Z",
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "APJ6JRA9NG5V4", "marketplaceName": "Amazon.it"},
    "programs": ["AMAZON_BUSINESS"],
    "orderAliases": [{"aliasId": "S00042", "aliasType": "SELLER_ORDER_ID"}],
    "associatedOrders": [{"orderId": "111-0000000-0000001", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
    "buyer": {
        "buyerName": "Anna Beispiel",
        "buyerEmail": "abc123@marketplace.amazon.it",
        "buyerCompanyName": "Beispiel Srl",
        "buyerPurchaseOrderNumber": "PO-7",
    },
    "recipient": {
        "deliveryAddress": {
            "name": "Anna Beispiel",
            "addressLine1": "Via Roma 1",
            "addressLine2": "",
            "addressLine3": "Scala B",
            "city": "Milano",
            "stateOrRegion": "MI",
            "postalCode": "20121",
            "countryCode": "it",
            "phone": "+39 02 1234567",
            "addressType": "RESIDENTIAL",
        },
        "deliveryPreference": {"dropOffLocation": "Front door", "addressInstruction": "Ring twice"},
    },
    "proceeds": {
        "grandTotal": {"amount": "30.98", "currencyCode": "EUR"},
        "breakdowns": [{"type": "DELIVERY_TIP", "subtotal": {"amount": "1.00", "currencyCode": "EUR"}}],
    },
    "tax": {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": "IT12345670017",
                "legalName": "Beispiel Srl",
            }
        ]
    },
    "fulfillment": {
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": "STANDARD",
        "shipByWindow": {"latestDateTime": "2026-11-25T00:59:59.000+01:00"},
    },
    "orderItems": [
        {
            "orderItemId": "79039765272157",
            "quantityOrdered": 2,
            "programs": ["SUBSCRIBE_AND_SAVE"],
            "product": {
                "asin": "B0EXAMPLE1",
                "title": "Ceramic mug",
                "sellerSku": "MUG-RED",
                "condition": {"conditionNote": "as new"},
                "price": {"unitPrice": {"amount": "15.00", "currencyCode": "EUR"}},
                "serialNumbers": ["SN1", "SN2"],
                "customization": {"customizedUrl": "https://example.com/custom"},
            },
            "proceeds": {
                "proceedsTotal": {"amount": "29.98", "currencyCode": "EUR"},
                "breakdowns": [
                    {"type": "ITEM", "subtotal": {"amount": "30.00", "currencyCode": "EUR"}},
                    {
                        "type": "DISCOUNT",
                        "subtotal": {"amount": "-0.02", "currencyCode": "EUR"},
                        "detailedBreakdowns": [
                            {"subtype": "ITEM", "value": {"amount": "-0.01", "currencyCode": "EUR"}},
                            {"subtype": "ITEM", "value": {"amount": "-0.01", "currencyCode": "EUR"}},
                        ],
                    },
                ],
            },
            "promotion": {"breakdowns": [{"promotionId": "P1"}, {"promotionId": "P1"}, {"promotionId": "P2"}]},
            "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "ORDERED_BY_MISTAKE"}},
            "fulfillment": {
                "quantityFulfilled": 0,
                "quantityUnfulfilled": 2,
                "packing": {"giftOption": {"giftMessage": "Happy birthday!\nAnna", "giftWrapLevel": "classic"}},
                "shipping": {"internationalShipping": {"iossNumber": "IM0000000001"}},
            },
            "tax": {
                "taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}],
                "taxCalculationBreakdowns": [{"reportingScheme": "UOSS"}],
            },
        }
    ],
    "packages": [
        {
            "packageReferenceId": "1",
            "packageStatus": {"status": "IN_TRANSIT", "detailedStatus": "OUT_FOR_DELIVERY"},
            "carrier": "DPD",
            "shippingService": "Next day",
            "shipTime": "2026-11-23T10:00:00Z",
            "trackingNumber": "155012345",
            "packageItems": [{"orderItemId": "79039765272157", "quantity": 1}],
        }
    ],
}
REMOVED = object()


def order_with(path, value):
    """ORDER with one member replaced or removed; the path is dotted, list positions are numbers."""
    raw = copy.deepcopy(ORDER)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target = raw
    for step in parents:
        target = target[step]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return raw
