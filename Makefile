# Strategy Stream. `make run` and `make test` need nothing but Python 3.12 or newer, Node and make.
.PHONY: run test bench ledger lock install types messages

PYTHON ?= python3
RUNS ?= 20

# exec: the supervisor takes make's place as the shell's child, so that a signal reaches it and not a shell.
run:
	@exec $(PYTHON) config/bootstrap.py run

# ARGS=--postgres for a second run on PostgreSQL, beside the first; or what pytest takes.
test:
	@exec $(PYTHON) config/bootstrap.py test $(ARGS)

bench:
	@exec $(PYTHON) config/bootstrap.py bench $(ARGS)

# Faults at random, RUNS times; LEDGER="--seed 7 --seconds 60" for more. Needs what tests need.
ledger:
	@RUNS=$(RUNS) LEDGER="$(LEDGER)" exec $(PYTHON) config/bootstrap.py ledger

install:
	@exec $(PYTHON) config/bootstrap.py install

# What is made from the events' schema and from the client's comments, and committed. Needs what tests need.
types:
	.venv/bin/python manage.py message_types
	rm -f sse/static/sse/*.d.ts sse/static/sse/react/*.d.ts
	tests/js/types/node_modules/.bin/tsc -p tests/js/types

# What is translated: found in the sources, then compiled. Needs GNU gettext (Debian's package gettext), and what tests need.
SOURCES = --ignore .venv --ignore tests --ignore docs --ignore benchmarks --ignore node_modules --ignore staticfiles
messages:
	.venv/bin/python manage.py makemessages --all --no-location --no-wrap --no-obsolete $(SOURCES)
	.venv/bin/python manage.py makemessages --all --no-location --no-wrap --no-obsolete $(SOURCES) -d djangojs
	.venv/bin/python manage.py compilemessages --ignore .venv

# Needs uv. Hashes, and no address of any package index.
lock:
	uv pip compile -q --universal --generate-hashes --python-version 3.12 --no-annotate --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.12 --no-annotate --no-header --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
