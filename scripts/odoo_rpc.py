"""A session of a user in a running Odoo, as the web client has one."""

import requests
from console import Failure


class Odoo:
    """Logs in, then calls methods of models; `session` keeps the login for other pages."""

    def __init__(self, url, database, user, password):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between two servers of this machine
        self._post("/web/session/authenticate", db=database, login=user, password=password)

    def call(self, model, method, *arguments, **options):
        """Call a public method of a model; Failure with Odoo's words when it refuses."""
        return self._post("/web/dataset/call_kw", model=model, method=method, args=list(arguments), kwargs=options)

    def create(self, model, values):
        """Identifier of a new record."""
        return self.call(model, "create", [values])[0]

    def read(self, model, identifier, fields):
        """Field values of one record."""
        return self.call(model, "read", [identifier], fields)[0]

    def _post(self, path, **parameters):
        answer = self.session.post(f"{self.url}{path}", json={"params": parameters}, timeout=300)
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            error = body["error"].get("data", {})
            raise Failure(
                f"Odoo refused {parameters.get('model', '')} {parameters.get('method', path)}: "
                f"{error.get('message') or body['error'].get('message')}"
            )
        return body.get("result")
