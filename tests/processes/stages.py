"""What happens in the tests of this folder, stage by stage; after each, Odoo's scheduler works until all is done."""

from world import OTHER_SELLER, SELLER, World

LISTED = ("MUG-RED-11OZ", "POSTER-A2", "BACKPACK-20L", "NOTEBOOK-A5")


def orders_come_in(world):
    """Two accounts, several pages, every kind of order."""
    world.refs = world.orders_come_in(20, seed=3)
    world.orders_come_in(4, seed=4, seller=OTHER_SELLER, marketplaces=("US", "CA"))


def orders_change(world):
    """Amazon and the buyers change their minds, while further orders come in."""
    world.orders_change(world.refs, seed=5)
    world.orders_come_in(4, seed=6)


def goods_leave(world):
    """The warehouse ships what it has; Amazon is told of each parcel."""
    states = world.family.act("deliver")
    assert len(states) > 3 and set(states) == {"done"}, states


def stock_is_offered(world):
    """The quantities of a few SKUs go to Amazon one by one."""
    for sku in LISTED:
        world.store.add_listing(SELLER, sku, marketplaces=("DE", "FR", "ES", "IT"), quantity=0, lead_time=3)
    world.family.act("switch_stock_on")


def stock_changes(world):
    """More SKUs than are sent one by one: a submission."""
    for number, sku in enumerate(LISTED):
        world.family.act("set_stock", reference=sku, stock=700 + number)


STAGES = (orders_come_in, orders_change, goods_leave, stock_is_offered, stock_changes)


def undisturbed_run(environment):
    """The states after each stage when nothing comes between, and how many events its longest process has."""
    world = World(environment)
    states, events = [], []
    for stage in STAGES:
        stage(world)
        processes = world.work()
        states.append(world.state())
        events.append({kind: max(process.events[kind] for process in processes) for kind in ("any", "border")})
        world.time_passes()
    check(states)
    return states, events


def check(states):
    """Whether each stage did something: a comparison of nothing proves nothing."""
    orders, changed, left, offered, submitted = states
    assert orders["orders"] and orders["moves"]
    assert changed["messages"] and changed["activities"]
    assert len(left["amazon's packages"]) > len(changed["amazon's packages"]) and left["shipments"]
    assert offered["amazon's listings"] != left["amazon's listings"]
    assert submitted["amazon's listings"] != offered["amazon's listings"]
    assert not submitted["harm"]
