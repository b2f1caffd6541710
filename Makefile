# The commands of the project; what they do is in scripts/.
# Variables: ODOO_SRC (an Odoo tree), PGHOST, PGPORT, PGUSER (a PostgreSQL server), PYTHON.
PYTHON ?= python3
SCRIPT = $(PYTHON) scripts/

.DEFAULT_GOAL := help
.PHONY: help test test-kits demo demo-reset stop lint check-install bench test-crashes test-crashes-long test-queue

help:  ## show this list
	@sed -n 's/^\([a-z-]*\): *## /  make \1\t/p' Makefile

demo:  ## run Odoo with a simulated Amazon seller and its orders
	@$(SCRIPT)demo.py start

demo-reset:  ## the same, from the start
	@$(SCRIPT)demo.py reset

stop:  ## stop what make demo started, and the commands' PostgreSQL
	@$(SCRIPT)demo.py stop

test:  ## install what the tests need and run the whole suite
	@$(SCRIPT)run_tests.py

test-kits:  ## the tests of orders where Manufacturing is installed, which has kits
	@AMAZON_TEST_APPS=sale_mrp $(SCRIPT)run_tests.py tests/test_documented_orders.py tests/test_fba.py \
		tests/test_shipments_kits.py tests/test_stock_quantities.py

bench:  ## measure speed and memory; writes bench/RESULTS.md
	@$(SCRIPT)bench.py

test-queue:  ## the tests of the OCA's Job Queue as the engine, with its package from PyPI
	@AMAZON_TEST_APPS=queue_job $(SCRIPT)run_tests.py tests/test_queue_job.py

test-crashes:  ## several Odoo processes at once, killed at random points
	@$(SCRIPT)process_tests.py

test-crashes-long:  ## the same with 200 kills, and trouble of the database and of Amazon; more than an hour
	@AMAZON_KILLS=200 $(SCRIPT)process_tests.py tests/processes

lint:  ## ruff and pylint-odoo
	@$(SCRIPT)lint.py

check-install:  ## install, update and uninstall the addon, watching Odoo's log
	@$(SCRIPT)check_install.py
