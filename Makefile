# Everything sets itself up in .venv; needed are make and Python 3.11 or newer.

BIN := .venv/bin
TOOLS := .venv/tools/bin
FUZZ := .venv/fuzz/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$python"; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV_COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" --quiet

# State machines that go on for long, in their long form.
MACHINES := tests/lifecycle/test_machine.py tests/lifecycle/test_machine_pure.py tests/webhooks/test_delivery_machine.py
# A random walk, of ten thousand requests there.
LOOKS_KEPT := tests/api/test_every_look_is_kept.py

# Two processes, each with a PostgreSQL of its own; a file of tests stays in one.
IN_TWO := --numprocesses=2 --dist=loadfile

.DEFAULT_GOAL := help
.PHONY: help proof run test corpus schemathesis fuzz check format-check lint types drift coverage faults bench clients \
	browser spectral container sbom format requirements clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "%-14s %s\n", $$1, $$2 }'

run: .venv/run.stamp ## Serve on 127.0.0.1:8000 with demo data (PORT changes the port; .env is read if it exists)
	@set -a; if [ -f .env ]; then . ./.env; fi; exec $(BIN)/verwijsroute serve --demo

test: .venv/dev.stamp ## Run all tests; no service needs to be running
	$(BIN)/python -m pytest $(IN_TWO)

schemathesis: .venv/dev.stamp .venv/fuzz.stamp ## Try the API against its document, all checks (EXAMPLES, SEED)
	$(BIN)/python -m fuzz.api $(FUZZ)/schemathesis

fuzz: .venv/fuzz.stamp ## Try the reading of requests with Atheris, on Python 3.11 (SECONDS)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(FUZZ)/python -m fuzz.body "$$folder"

corpus: .venv/dev.stamp ## Send every malformed request to every field of every operation
	CORPUS_EVERY_FIELD=1 $(BIN)/python -m pytest tests/malformed

check: .venv/dev.stamp format-check lint types drift proof coverage ## Everything that must hold before a commit

format-check: .venv/dev.stamp
	$(BIN)/ruff format --check .

lint: .venv/dev.stamp
	$(BIN)/ruff check .

types: .venv/dev.stamp
	$(BIN)/mypy --strict

# The schema is compared in a new embedded database, not in the developer's own.
drift: .venv/dev.stamp
	$(BIN)/verwijsroute openapi export --check
	$(BIN)/verwijsroute rules document --check
	$(BIN)/verwijsroute lifecycle document --check
	$(BIN)/verwijsroute data document --check
	$(BIN)/verwijsroute access document --check
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && unset DATABASE_URL DATABASE_OWNER_URL && \
		export VERWIJSROUTE_ENVIRONMENT=development VERWIJSROUTE_DATA_DIR="$$folder" && \
		$(BIN)/verwijsroute migrate && $(BIN)/verwijsroute migrate --check

proof: .venv/dev.stamp ## Prove that the rules leave no gap and no clash, with the counts
	$(BIN)/verwijsroute rules check

# The tests again, each line and branch counted: slower, so apart from `make test`, and without those that time
# processes of their own.
coverage: .venv/dev.stamp
	$(BIN)/python -m pytest $(IN_TWO) --cov --cov-report= --ignore=tests/faults --ignore=tests/bench
	$(BIN)/coverage report
	$(BIN)/coverage report --include='app/routing/*' --fail-under=100

faults: .venv/dev.stamp ## Kill, hang, fill and flood real processes, in the long form, and print the counts
	LOOKS=10000 $(BIN)/python -m pytest tests/faults $(MACHINES) $(LOOKS_KEPT) -m 'long or not long' --timeout=900

bench: .venv/dev.stamp ## Measure side by side with what others do, and write docs/benchmarks.md (ONLY="imports start")
	$(BIN)/python -m bench --page $(ONLY)

NPM_CI := npm ci --silent --prefix
NEEDS_NODE := command -v node >/dev/null && command -v npm >/dev/null || { \
	echo 'node and npm (20 or newer) are needed for this target' >&2; exit 2; }
CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome))
RULESET ?= adr.yaml

# Generates from the committed document into ./build, and leaves nothing in the repository.
clients: .venv/dev.stamp ## Generate the Python and TypeScript clients, check their types, place a referral with each
	@$(NEEDS_NODE)
	@$(MAKE) --no-print-directory .venv/clients.stamp
	rm -rf build/verwijsroute_client
	PATH="$(CURDIR)/.venv/clients/bin:$$PATH" openapi-python-client generate --path openapi.yaml --meta none \
		--config examples/python/client.yaml --output-path build/verwijsroute_client --fail-on-warning
	.venv/clients/bin/mypy --config-file examples/python/mypy.ini build/verwijsroute_client examples/python
	$(NPM_CI) examples/typescript
	npm run --silent --prefix examples/typescript generate
	npm run --silent --prefix examples/typescript build
	$(BIN)/python -m tools.clients

browser: .venv/dev.stamp ## Look at the pages in headless Chromium: other hosts, errors, WCAG, small screens, keyboard
	@$(NEEDS_NODE)
	@test -n "$(CHROMIUM)" || { echo 'chromium is needed for this target; name it with: make browser CHROMIUM=/path' >&2; exit 2; }
	$(NPM_CI) tools
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m tools.demo_service node tools/pages.mjs

# The ruleset of the NL API Design Rules is not ours to ship; CONTRIBUTING.md says where it is.
spectral: ## Lint openapi.yaml with the official NL API Design Rules (RULESET=file, default adr.yaml), Spectral and Redocly
	@$(NEEDS_NODE)
	@test -f "$(RULESET)" || { echo 'the ruleset is needed for this target: make spectral RULESET=/path/to/linter.yaml' >&2; exit 2; }
	$(NPM_CI) tools
	tools/node_modules/.bin/spectral lint --fail-severity warn --ruleset "$(RULESET)" openapi.yaml
	tools/node_modules/.bin/spectral lint --fail-severity warn --ruleset tools/spectral.yaml openapi.yaml
	tools/node_modules/.bin/redocly lint --config tools/redocly.yaml openapi.yaml

container: .venv/dev.stamp .venv/tools.stamp ## Do the steps of the Dockerfile, and run the result with nginx (needs bubblewrap, nginx)
	$(BIN)/python -m pytest --timeout=600 deploy

sbom: .venv/tools.stamp ## Write build/sbom.json: what the service runs on, in CycloneDX
	@mkdir -p build
	$(TOOLS)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
		--output-format JSON --output-file build/sbom.json requirements/run.txt

format: .venv/dev.stamp ## Format the code and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: .venv/run.stamp ## Pin the dependencies of pyproject.toml again, newest allowed versions, with hashes
	@command -v uv >/dev/null || { echo 'uv is needed for this target alone: python3 -m pip install uv' >&2; exit 1; }
	$(UV_COMPILE) --upgrade --extra build pyproject.toml -o requirements/run.txt
	$(UV_COMPILE) --upgrade --group tools -o requirements/tools.txt
	$(UV_COMPILE) --upgrade --extra build --extra dev --constraint requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(UV_COMPILE) --upgrade requirements/clients.in -o requirements/clients.txt
	$(UV_COMPILE) --upgrade --extra build --extra fuzz --constraint requirements/run.txt pyproject.toml \
		-o requirements/fuzz.txt

clean: ## Remove what was built and installed; ./data stays
	rm -rf .venv build dist *.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made.stamp:
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3' >&2; exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or newer is needed; this is '"$$($(PYTHON) --version 2>&1)" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	@touch $@

.venv/run.stamp: .venv/made.stamp requirements/run.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/tools.stamp: .venv/made.stamp requirements/tools.txt
	$(BIN)/python -m venv .venv/tools
	$(TOOLS)/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/tools.txt
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

.venv/clients.stamp: .venv/made.stamp requirements/clients.txt
	"$(BIN)/python" -m venv .venv/clients
	.venv/clients/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/clients.txt
	@touch $@

.venv/fuzz.stamp: .venv/made.stamp requirements/fuzz.txt pyproject.toml
	$(BIN)/python -m venv .venv/fuzz
	$(FUZZ)/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/fuzz.txt
	$(FUZZ)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
	@touch $@
