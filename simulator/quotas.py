"""Usage plans and token buckets.

Amazon gives each pair of seller and application one bucket per operation: ``burst`` tokens at first, ``rate`` more
every second up to ``burst``. See https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class UsagePlan:
    """``rate`` requests a second, ``burst`` at once."""

    rate: float
    burst: int

    @property
    def header(self):
        """The rate as the header ``x-amzn-RateLimit-Limit`` shows it."""
        return f"{self.rate:g}"


class Quotas:
    """The buckets of all sellers."""

    def __init__(self, clock):
        self._clock = clock
        self._buckets = {}
        self._plans = {}

    def plan(self, operation):
        """The usage plan that is in force for ``operation`` (its declaration, or what a test has set)."""
        return self._plans.get(operation.name, operation.usage_plan)

    def set_plan(self, operation_name, rate, burst):
        """Give an operation another usage plan, as Amazon gives to large sellers."""
        self._plans[operation_name] = UsagePlan(rate, burst)

    def take(self, seller_id, application_id, operation):
        """Take one token; False when the bucket is empty."""
        plan, now = self.plan(operation), self._clock.now()
        key = seller_id, application_id, operation.name
        tokens, filled_at = self._buckets.get(key, (plan.burst, now))
        elapsed = max(0.0, (now - filled_at).total_seconds())
        tokens = min(plan.burst, tokens + elapsed * plan.rate)
        # Refilling adds fractions; a token that is whole but for a float's error counts as whole.
        allowed = tokens >= 1 - 1e-9
        self._buckets[key] = (tokens - 1 if allowed else tokens), now
        return allowed

    def refill(self):
        """Fill every bucket; usage plans stay."""
        self._buckets.clear()

    def reset(self):
        """Fill every bucket and go back to the usual usage plans."""
        self._buckets.clear()
        self._plans.clear()
