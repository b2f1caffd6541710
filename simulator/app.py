"""The WSGI application: one address for the API, Login with Amazon, the consent page and the control page."""

import time
import uuid

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from . import consent, control, gate, lwa, transfers
from .answers import error_answer
from .faults import IN_PLACE, SPOILING, TRANSFERS, answer_in_place, spoil
from .operations import OPERATIONS

LONGEST_BODY = 10 * 1024 * 1024


class App:
    """Finds who answers a request, and remembers the calls of the API."""

    def __init__(self, store):
        self.store = store
        self.after_request = None
        rules = [
            Rule(lwa.TOKEN_PATH, endpoint=self._token),
            Rule(transfers.RULE, endpoint=self._transfer, methods=["GET", "PUT"]),
        ]
        rules += [
            Rule(operation.rule, endpoint=self._caller(operation), methods=[operation.method])
            for operation in OPERATIONS
        ]
        for page in (*consent.PAGES, *control.PAGES):
            rules.append(Rule(page.rule, endpoint=self._page(page.handler), methods=page.methods))
        self._map = Map(rules, strict_slashes=True, merge_slashes=False)

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.max_content_length = LONGEST_BODY
        response = self._respond(request)
        if self.after_request:
            self.after_request(request)
        return response(environ, start_response)

    def _respond(self, request):
        try:
            endpoint, arguments = self._map.bind_to_environ(request.environ).match()
            return endpoint(request, arguments)
        except HTTPException as error:
            return _http_error(error)

    def _token(self, request, arguments):
        return self._call("token", request, lambda: (self._lwa_answer(request), ""))

    def _lwa_answer(self, request):
        fault = self.store.faults.take("token", IN_PLACE, request)
        response = answer_in_place(fault, request) if fault else lwa.token(self.store, request)
        spoiling = self.store.faults.take("token", SPOILING, request)
        return spoil(spoiling, response, request) if spoiling else response

    def _transfer(self, request, arguments):
        name = transfers.NAMES.get(request.method, "download")
        return self._call(name, request, lambda: transfers.serve(self.store, request, **arguments), arguments)

    def _caller(self, operation):
        def endpoint(request, arguments):
            return self._call(
                operation.name, request, lambda: gate.serve(self.store, operation, request, arguments), arguments
            )

        return endpoint

    def _call(self, operation_name, request, answer, arguments=None):
        """Answer one call to the API or to Login with Amazon; both may be slow, and both are remembered."""
        slow = self.store.faults.take(operation_name, {"slow"}, request)
        if slow:
            time.sleep(slow.options.get("seconds", 6))
        with self.store.lock:
            response, seller_id = answer()
            request_id = str(uuid.uuid4())
            response.headers["x-amzn-RequestId"] = request_id
            # The query of a transfer is its key.
            query = {} if operation_name in TRANSFERS else request.args.to_dict()
            params = {**query, **(arguments or {})}
            if operation_name == "token":
                params = {"grant_type": request.form.get("grant_type", "")}
            self.store.record(operation_name, response.status_code, params, seller_id, request_id)
        return response

    def _page(self, handler):
        def endpoint(request, arguments):
            with self.store.lock:
                return handler(self.store, request, **arguments)

        return endpoint


def _http_error(error):
    """Errors before any operation: unknown address, wrong method, too large a body."""
    if error.response is not None:
        return error.get_response()
    code, message = _HTTP_ERRORS.get(error.code, ("InvalidInput", error.description or ""))
    response = error_answer(error.code, code, message)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


_HTTP_ERRORS = {
    404: ("NotFound", "The requested resource was not found."),
    405: ("MethodNotAllowed", "The HTTP method is not allowed for this resource."),
    413: ("RequestTooLarge", "The request is larger than allowed."),
}
