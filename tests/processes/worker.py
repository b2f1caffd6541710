"""A family of Odoo processes for the tests of this folder: `python worker.py` with Odoo's own options.

The process that is started loads the database's registry, as Odoo's prefork server does, and forks a child for every
line that it reads, a JSON object such as {"id": 1, "job": "crons", "interrupt": {"at": 40, "action": "kill"}}. Each
child is an Odoo process with connections of its own. It answers with a line when a child has begun and when it ended.
"""

import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

POLL_SECONDS = 0.02


def main():
    config.parse_config([*sys.argv[1:], "--max-cron-threads=0"])
    database = os.environ["AMAZON_PROCESSES_DATABASE"]
    server.load_server_wide_modules()
    Registry(database)
    from odoo import http  # noqa: F401  needs the loaded modules

    from odoo.addons.amazon_connector.spapi.transport import lwa_client, sp_client  # noqa: F401  slow to load

    sql_db.close_all()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say({"ready": os.getpid()})
    serve(database)


def serve(database):
    """Fork a child for each line of the standard input, and tell what becomes of them; end with the input."""
    children = {}
    while True:
        if select.select([sys.stdin.buffer], [], [], POLL_SECONDS)[0]:
            line = sys.stdin.buffer.readline()
            if not line:
                for pid in children:
                    os.kill(pid, signal.SIGKILL)
                return
            task = json.loads(line)
            children[fork(database, task)] = task["id"]
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            say({"id": children.pop(pid), "ended": os.waitstatus_to_exitcode(status)})


def fork(database, task):
    """Start a child for a task; its number."""
    pid = os.fork()
    if pid:
        say({"id": task["id"], "pid": pid})
        return pid
    status = 1
    try:
        status = child(database, task)
    except SystemExit:
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def child(database, task):
    """Do a task in this process; the exit status."""
    import jobs  # after the fork, and with Odoo loaded
    from interruptions import watch

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what Odoo prints is no answer
    os.setpgid(0, 0)
    log = Path(task["notes"])
    events = watch(task.get("interrupt"), log)
    result = getattr(jobs, task["job"])(database, **task.get("options", {}))
    with log.open("a") as file:
        file.write(json.dumps({"result": result, "events": events.summary()}) + "\n")
    return 0


def say(answer):
    """Write one answer."""
    os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main()
