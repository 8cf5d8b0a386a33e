# Two commands: `make publish` and `make test`. Everything else is for people who change the code.
.PHONY: publish test check format golden crash bench-publish bench-deliver bench-replay bench-reading bench-serve
PIP := .venv/bin/python -m pip --disable-pip-version-check -q install

publish: .venv/.run
	@.venv/bin/cnddigest publish

test: .venv/.dev
	@scripts/test

check: .venv/.dev
	@scripts/check

.venv/.run: lock/build.txt lock/run.txt pyproject.toml
	@scripts/venv
	@$(PIP) --require-hashes --no-deps --only-binary :all: -r lock/build.txt
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r lock/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: lock/dev.txt .venv/.run
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r lock/dev.txt
	@touch $@

bench-publish: .venv/.dev .venv-bench/.stamp
	@.venv/bin/python -m benchmarks publish

bench-deliver: .venv/.dev .venv-bench/.stamp
	@.venv/bin/python -m benchmarks deliver $(if $(FULL),--full)

bench-replay: .venv/.dev
	@.venv/bin/python -m benchmarks replay

bench-serve: .venv/.dev
	@.venv/bin/python -m benchmarks serve

bench-reading: .venv/.dev
	@.venv/bin/python -m benchmarks reading

.venv-bench/.stamp: lock/build.txt lock/bench.txt benchmarks/peers/eleventy/package.json benchmarks/peers/nodemailer/package.json
	@scripts/bench-peers
	@touch $@

format: .venv/.dev
	@.venv/bin/ruff check --fix-only -q
	@.venv/bin/ruff format

crash: .venv/.dev
	@CNDDIGEST_KILLS=1000 .venv/bin/python -m pytest -n 2 tests/crash

golden: .venv/.dev
	@scripts/golden
