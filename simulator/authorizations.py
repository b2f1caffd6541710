"""What sellers have authorized: codes, refresh tokens, access tokens.

Lifetimes: https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow and
https://developer-docs.amazon.com/sp-api/docs/renew-authorizations
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from .clock import to_moment, to_text

CODE_LIFE = timedelta(minutes=5)
ACCESS_TOKEN_LIFE = timedelta(seconds=3600)
CONSENT_LIFE = timedelta(days=365)


@dataclass
class Grant:
    """Something a token or code stands for; ``seller_id`` is empty for a grantless access token."""

    seller_id: str
    expires_at: str = ""
    redirect_uri: str = ""

    def is_valid(self, now):
        """Whether it has not expired."""
        return not self.expires_at or now < to_moment(self.expires_at)


class Authorizations:
    """All codes and tokens that the simulated Amazon has given out."""

    def __init__(self, clock):
        self._clock = clock
        self.reset()

    def reset(self):
        """Forget every code and token."""
        self._codes, self._refresh_tokens, self._access_tokens = {}, {}, {}
        self.appstore_states = {}

    def issue_code(self, seller_id, redirect_uri):
        """The ``spapi_oauth_code`` of a consent: single use, five minutes."""
        return self._issue(self._codes, "", Grant(seller_id, self._in(CODE_LIFE), redirect_uri))

    def redeem_code(self, code, redirect_uri=""):
        """The refresh token for a code, or None when the code is unknown, used, expired or for another address."""
        grant = self._codes.pop(code, None)
        if grant is None or not grant.is_valid(self._clock.now()):
            return None
        if redirect_uri and redirect_uri != grant.redirect_uri:
            return None
        return self.issue_refresh_token(grant.seller_id, CONSENT_LIFE)

    def issue_refresh_token(self, seller_id, life=None):
        """A further refresh token of a seller; those given out before stay valid."""
        return self._issue(self._refresh_tokens, "Atzr|", Grant(seller_id, self._in(life) if life else ""))

    def seller_of_refresh_token(self, token):
        """The seller who gave this refresh token, or None when it is unknown, revoked or expired."""
        grant = self._refresh_tokens.get(token)
        return grant.seller_id if grant and grant.is_valid(self._clock.now()) else None

    def issue_access_token(self, seller_id):
        """An access token for one hour; ``seller_id`` is empty for a grantless one."""
        return self._issue(self._access_tokens, "Atza|", Grant(seller_id, self._in(ACCESS_TOKEN_LIFE)))

    def access_grant(self, token):
        """The grant of an access token, or None when it was never given out or was revoked."""
        return self._access_tokens.get(token)

    def expire_access_token(self, token):
        """Let an access token be expired from now on."""
        if token in self._access_tokens:
            self._access_tokens[token].expires_at = to_text(self._clock.now())

    def expire_access_tokens(self):
        """Let all access tokens be expired from now on."""
        for token in self._access_tokens:
            self.expire_access_token(token)

    def revoke(self, seller_id):
        """The seller withdraws the consent: all codes and tokens of that seller die at once."""
        for grants in (self._codes, self._refresh_tokens, self._access_tokens):
            for token in [token for token, grant in grants.items() if grant.seller_id == seller_id]:
                del grants[token]

    def dump(self):
        """All codes and tokens as plain data."""
        kept = {"codes": self._codes, "refresh": self._refresh_tokens, "access": self._access_tokens}
        return {name: {token: asdict(grant) for token, grant in grants.items()} for name, grants in kept.items()}

    def load(self, data):
        """Take back what :meth:`dump` gave."""
        for name, grants in (
            ("codes", self._codes),
            ("refresh", self._refresh_tokens),
            ("access", self._access_tokens),
        ):
            grants.update({token: Grant(**grant) for token, grant in data.get(name, {}).items()})

    def _in(self, life):
        return to_text(self._clock.now() + life)

    @staticmethod
    def _issue(grants, prefix, grant):
        token = prefix + secrets.token_urlsafe(48)
        grants[token] = grant
        return token
