"""A server in the place of Amazon's API that answers what a test tells it, and examples to answer with."""

import json
import re

from werkzeug import Response

from spapi import Credentials, Endpoint

CREDENTIALS = Credentials("client", "the-client-secret", "Atzr|the-refresh-token")
SIMULATED_SELLER = "A1EXAMPLESELLEREU"  # whom the simulator knows
SEARCH = "/orders/2026-01-01/orders"
ORDER_REF = "111-2223334-5556667"
ORDER = {"orderId": ORDER_REF, "buyer": {"buyerName": "Anna Beispiel"}}
QUERY = {"lastUpdatedAfter": "2026-11-22T00:00:00Z", "marketplaceIds": ["A1", "A2"]}
EXPIRED = {
    "errors": [{"code": "Unauthorized", "message": "Access denied.", "details": "The access token has expired."}]
}
DENIED = {"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": ""}]}


class Amazon:
    """Answers each call to the API with the next of ``answers``, the last one for ever."""

    def __init__(self, server):
        url = server.url_for("").rstrip("/")
        self.endpoint = Endpoint(url, url)
        self.answers = []
        self.requests = []
        self.tokens = 0
        self.store = Store(server)
        server.expect_request("/auth/o2/token").respond_with_handler(self.give_token)
        server.expect_request(re.compile("/(orders|sellers|listings|feeds|reports)/")).respond_with_handler(self.answer)

    def give_token(self, _request):
        self.tokens += 1
        return Response(json.dumps({"access_token": f"Atza|{self.tokens}", "expires_in": 3600}))

    def answer(self, request):
        self.requests.append(request)
        return next_of(self.answers)


class Store:
    """Where documents lie: answers each request with the next of ``answers``, the last one for ever."""

    def __init__(self, server):
        self.url = server.url_for("/store/document?X-Amz-Signature=the-signature")
        self.answers = [Response("", 200)]
        self.requests = []
        self.bodies = []
        server.expect_request(re.compile("/store/")).respond_with_handler(self.answer)

    def answer(self, request):
        self.requests.append(request)
        self.bodies.append(request.get_data())
        return next_of(self.answers)


def next_of(answers):
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    return answer() if callable(answer) and not isinstance(answer, Response) else answer


def answer(body, status=200, content_type="application/json", **headers):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(data, status, headers={"x-amzn-RequestId": "req-1", **headers}, content_type=content_type)
