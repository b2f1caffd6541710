"""Amazon on your own machine: the Selling Partner API, Login with Amazon and the consent page, on loopback.

For the demo and for tests. Everything it knows is invented, and it refuses what Amazon refuses.

    from simulator import Simulator
    with Simulator() as sim:
        sim.store.add_order(seller_id, build_order())
        ...                                   # talk to sim.url as to Amazon

    python -m simulator --port 8099           # the same as a process of its own
"""

from .application import APPLICATION_ID, CLIENT_ID, CLIENT_SECRET
from .server import Simulator

__all__ = ["APPLICATION_ID", "CLIENT_ID", "CLIENT_SECRET", "Simulator"]
