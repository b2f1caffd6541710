import hashlib
from datetime import timedelta

from odoo import api, fields, models

from .. import compat

#: No transaction is open for so long.
KEPT = timedelta(days=2)


class AmazonClaim(models.Model):
    """What a worker is about to make, by a key, so that two workers do not make the same twice.

    Of two transactions that claim the same key, the second one waits for the first, is then refused by the database as
    not serializable, and is done again: it now finds what the first one made, and claims nothing. Where Odoo has a
    unique index for what is made, that does the same and no claim is needed.
    """

    _name = "amazon.claim"
    _description = "Amazon Claim"
    _log_access = False

    key = fields.Char(required=True, readonly=True, help="A digest: the key may hold personal data.")
    claimed_on = fields.Datetime(required=True, readonly=True, index=True)

    _key_unique = compat.Constraint("UNIQUE(key)", "Somebody else is making the same.")

    @api.model
    def _take(self, kind, keys):
        """Claim all of these keys until the transaction ends.

        :param str kind: what is made
        :param keys: what tells one of them from another; each a text, a number or a tuple of those
        :raise psycopg2.errors.SerializationFailure: another worker made one of them since this transaction began
        """
        # In one order everywhere, so that two workers do not wait for each other.
        digests = sorted(hashlib.sha256(repr((kind, key)).encode()).hexdigest() for key in set(keys))
        if digests:
            self.env.cr.execute(
                """
                INSERT INTO amazon_claim (key, claimed_on)
                SELECT unnest(%s), %s
                    ON CONFLICT (key) DO UPDATE SET claimed_on = EXCLUDED.claimed_on
                """,
                [digests, fields.Datetime.now()],
            )

    @api.autovacuum
    def _gc_old(self):
        """A claim is of no use once its transaction has ended."""
        self.env.cr.execute("DELETE FROM amazon_claim WHERE claimed_on < %s", [fields.Datetime.now() - KEPT])
