"""What can be asked of Amazon, by subject. ``spapi.gateway.Gateway`` has all of it."""
