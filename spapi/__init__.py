"""Everything that talks to Amazon: the Selling Partner API and Login with Amazon. Pure Python, no Odoo."""
