"""A browser for the tours."""


def environment():
    return {}
