"""One worker and two, on the inbox of one account."""

import os
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

from . import fixture
from .measure import Row


def run(env, count=600):
    """How much faster two workers empty the inbox than one."""
    account_id = fixture.set_up(env).id
    database = env.cr.dbname
    seconds = {}
    with _environment(database) as fresh:  # offers, pricelists and the like are there then
        fixture.apply(fresh, fresh["amazon.account"].browse(account_id), fixture.orders(400, 1))
    # Each before and after the other, and the better time counts: the database gets slower or faster as it fills.
    for seed, workers in enumerate((1, 2, 2, 1), 10):
        with _environment(database) as fresh:
            account = fresh["amazon.account"].browse(account_id)
            fixture.receive(fresh, account, fixture.orders(count, seed))
            fresh.cr.execute("ANALYZE")
            fresh.cr.commit()  # pylint: disable=invalid-commit
        seconds[workers] = min(_time_workers(database, workers), seconds.get(workers, float("inf")))
    figures = f"{count / seconds[1]:.1f}/s and {count / seconds[2]:.1f}/s on {os.cpu_count()} cores"
    return [Row("orders per second: two workers / one", seconds[1] / seconds[2], ">=", 1.7, figures)]


@contextmanager
def _environment(database):
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def _time_workers(database, number):
    """Seconds until so many processes, forked as Odoo's own workers are, have applied all there is."""
    sql_db.close_all()  # a connection must not be in two processes
    read_end, write_end = os.pipe()
    children = [_fork_worker(database, read_end) for _worker in range(number)]
    time.sleep(1)  # until all of them wait for the starting signal
    started = time.perf_counter()
    os.write(write_end, b"x" * number)
    failed = [child for child in children if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]
    seconds = time.perf_counter() - started
    with _environment(database) as env:
        left = env["amazon.order.update"].search_count([("state", "!=", "done")])
    if failed or left:
        raise RuntimeError(f"{len(failed)} workers failed, {left} orders are left")
    return seconds


def _fork_worker(database, read_end):
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        with _environment(database) as env:
            os.read(read_end, 1)
            env["amazon.order.update"]._apply_pending(everything=True)
        status = 0
    finally:
        os._exit(status)
