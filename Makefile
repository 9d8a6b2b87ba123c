# Two commands do everything on a fresh machine that has git, make and python3:
#   make demo   see Foyer in this terminal
#   make test   run the whole suite
PYTHON_IN := .venv/bin/python
SOURCES := community plumbing hardware firmware_bridge kiosk sync foyer
PYTEST_OPTIONS ?= -n 2 --dist loadfile
# Chips and readers answer each other within milliseconds: their tests have the machine to themselves.
TIMED := tests/hardware tests/foyer/test_benchreader.py $(addprefix tests/foyer/doctor/,test_examination.py test_reader.py)

.PHONY: demo test check format lint types contracts bench bench-ingest bench-plan bench-matching pictures words lock clean

demo:
	@deploy/workspace.sh demo
	@.venv/bin/foyer demo

test: prepared
	.venv/bin/pytest -n 0 $(TIMED)
	.venv/bin/pytest $(PYTEST_OPTIONS) $(addprefix --ignore ,$(TIMED))

check: prepared
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n 0 $(TIMED)
	.venv/bin/pytest $(PYTEST_OPTIONS) $(addprefix --ignore ,$(TIMED))

.PHONY: prepared
prepared:
	@deploy/workspace.sh test

format: prepared
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lint: prepared
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: prepared
	.venv/bin/mypy

contracts: prepared
	.venv/bin/lint-imports

# Ratios within one run; the figures we got are in docs/benchmarks.md.
bench: prepared
	.venv/bin/foyer bench tap --json bench/tap.json

# The kiosk's screens beside a minimal app of the same library; the figures we got are in docs/screens.md.
.PHONY: bench-screen
bench-screen: prepared
	.venv/bin/foyer bench screen --json bench/screen.json

bench-ingest: prepared
	.venv/bin/foyer bench ingest --json bench/ingest.json

bench-plan: prepared
	.venv/bin/foyer bench plan --json bench/plan.json

# The line to the door's microcontroller, with the real firmware: pings through junk, how soon somebody is felt, and
# presses told over unplugged cables and programs that start anew.
.PHONY: bench-door
bench-door: prepared
	DOOR_PINGS=10000 DOOR_APPROACHES=20 DOOR_SOAK=200 .venv/bin/pytest -q -n 0 -s --timeout 1800 tests/firmware_bridge \
	  -k "ping or how_long_it_takes or every_press"

# How well the matcher does, on public data that is not part of Foyer: FOYER_MATCHING_DATA names its folder; the
# command says where anyone can get each set.  Writes docs/matching.md.
bench-matching: prepared
	OMP_NUM_THREADS=1 $(PYTHON_IN) -m bench.matching --markdown docs/matching.md

# Every view in every state, drawn without a display: the pictures of the documentation, and the snapshots of the tests.
pictures: prepared
	$(PYTHON_IN) tests/screens/draw_pictures.py docs/pictures

# The hub's pages on a phone, in a real browser: the pictures of docs/hosts.md and docs/members.md.
.PHONY: page-pictures
page-pictures: prepared
	$(PYTHON_IN) -m tests.browser.draw_pages docs/pictures/pages
	$(PYTHON_IN) -m tests.browser.draw_hosts docs/pictures/pages
	FOYER_PICTURES=docs/pictures/pages .venv/bin/pytest -n 0 tests/browser/test_own_receipt.py tests/browser/test_sisters.py

# Programs killed at random, power cuts, bad lines, and the state machine, for SECONDS together (and the time it
# takes to start and to count); it ends with what was counted.
SECONDS ?= 300
.PHONY: chaos
chaos: prepared
	CHAOS_SECONDS=$(SECONDS) .venv/bin/pytest -n 0 -m chaos tests/faults

# A reader's bad days: taps for SECONDS while the line fails and the plug is pulled 200 times, and what each read costs.
.PHONY: soak
soak: prepared
	.venv/bin/foyer bench reader --seconds $(SECONDS) --unplugs 200 --json bench/reader.json

# Ten thousand taps on a kiosk that draws, with memory looked at; and a rush of sixty arrivals, one after the other.
.PHONY: soak-screen
soak-screen: prepared
	SOAK_TAPS=10000 RUSH_ARRIVALS=60 .venv/bin/pytest -n 0 tests/screens/test_many_taps.py

# The installer on a bare Debian that boots beside this machine: once, twice, each role, a badge greeted on a screen, the plug
# pulled.  Needs root and debootstrap; the first time a network, and some minutes more.  Pictures of the screens: FOYER_TRIAL_PICTURES.
.PHONY: test-install
test-install: prepared
	FOYER_TRIAL=1 .venv/bin/pytest -n 0 --timeout 3600 tests/machine

# Anything at all into every decoder, for SECONDS together.
# The API asked as much as EXAMPLES says for each of its addresses, otherwise each time; every answer is held against its document.
EXAMPLES ?= 300
.PHONY: api-fuzz
api-fuzz: prepared
	FOYER_API_EXAMPLES=$(EXAMPLES) .venv/bin/pytest -n 0 --timeout 0 tests/contract/test_api_fuzz.py

.PHONY: fuzz
fuzz: prepared
	FUZZ_SECONDS=$(SECONDS) .venv/bin/pytest -n 0 -m fuzz --timeout 0 tests/faults tests/contract

# After changing a sentence: collect the sentences, renew every language's catalogues, compile them, and list what
# nobody has translated yet.
words: prepared
	$(PYTHON_IN) tests/catalogues.py

# After changing a dependency in pyproject.toml (needs uv on the PATH).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-config \
	  --upgrade --extra postgresql -o requirements/foyer.txt pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-config \
	  --upgrade --extra postgresql --extra pcsc --group dev -o requirements/dev.txt pyproject.toml
	sed -n '/^pyscard==/,/^[a-z]/{/^pyscard==/p;/^ /p}' requirements/dev.txt >requirements/pcsc.txt

# What is handed out (docs/operate.md, section 10).  KEY signs the release file; `make release-key` makes one, once.
# For machines without a network name what they are: make release KEY=... PLATFORM=aarch64-cp313 (downloads the wheels).
DIST := dist
.PHONY: build release release-key deb wheels-known poster
build: prepared
	$(PYTHON_IN) deploy/packages/release.py build $(DIST)

release: build
	@test -n "$(KEY)" || { echo "say which key signs: make release KEY=path/to/release.key (make release-key KEY=... makes one)"; exit 2; }
ifdef PLATFORM
	$(PYTHON_IN) deploy/packages/wheels.py house $(DIST)/wheels-$(PLATFORM) $(PLATFORM) $(DIST)/lock-$(PLATFORM).txt
	$(PYTHON_IN) deploy/packages/release.py pack $(DIST) $(KEY) $(DIST)/wheels-$(PLATFORM) $(PLATFORM) $(DIST)/lock-$(PLATFORM).txt
else
	$(PYTHON_IN) deploy/packages/release.py pack $(DIST) $(KEY)
endif

release-key: prepared
	$(PYTHON_IN) deploy/packages/release.py key $(KEY)

deb: build
	$(PYTHON_IN) deploy/packages/deb.py $(DIST)

# After `make lock`, with a network: which wheel a Pi would take for each dependency.  A test holds the lock against it.
wheels-known: prepared
	$(PYTHON_IN) deploy/packages/wheels.py known deploy/packages/wheels-known.json

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
