"""What an error says, and what it must not say."""

from datetime import datetime, timezone

from spapi.errors import InvalidRequest, SpApiError, Throttled, Unauthorized, UnreadableOrder

FACTS = {"status": 400, "code": "InvalidInput", "request_id": "8b2ac5b6-7e2f-4a5b-9a8e-1234567890ab"}


def test_an_error_tells_the_operation_the_status_and_amazons_words():
    error = InvalidRequest("searchOrders", amazon_message="Bad date", **FACTS)
    assert (error.operation, error.status, error.code) == ("searchOrders", 400, "InvalidInput")
    assert error.request_id == FACTS["request_id"]
    assert str(error) == (
        "Amazon refused the request (searchOrders, 400, InvalidInput, 8b2ac5b6-7e2f-4a5b-9a8e-1234567890ab): Bad date"
    )


def test_an_error_without_facts_is_still_a_sentence():
    assert str(Unauthorized("getOrder")) == "Amazon denied access (getOrder)"


def test_amazons_words_are_redacted_and_bounded():
    error = SpApiError("getOrder", amazon_message="Atza|abc jane@example.com " + "x " * 1000)
    assert error.amazon_message.startswith("[token] [e-mail] x")
    assert len(error.amazon_message) <= 300
    assert "jane" not in str(error) + repr(error)


def test_throttled_says_when_to_come_back():
    retry_at = datetime(2026, 11, 23, tzinfo=timezone.utc)
    assert Throttled("getOrder", retry_at=retry_at, status=429).retry_at == retry_at


def test_an_unreadable_order_is_a_value_error_with_a_path():
    error = UnreadableOrder("orderItems[0].quantityOrdered", "missing")
    assert isinstance(error, ValueError)
    assert str(error) == "orderItems[0].quantityOrdered: missing"
