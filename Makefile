# make demo   the example packs, in build/demo        make test   every test
# make lint   code, policy and templates              make bench  how fast it is, as ratios
# make site   the site, in build/site                 make serve  the site on http://127.0.0.1:8000
# make accept look at the changed golden files, then commit them
# make fuzz   look for bytes that break the readers, SECONDS=60 for each
# make mutate is every number of the policy watched by a case?
# make lock   newest versions of all packages into requirements.lock
# Each verb does the set-up it needs; what is done already is not done again.

PYTHON ?= python3
SECONDS ?= 60
BIN := .venv/bin
export PYTHON
# 1980-01-01: the site bears no date of its own
EPOCH := 315532800

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: demo test lint site serve bench accept mutate fuzz lock portraits has-lint has-demo has-site has-test has-bench

demo: has-demo .venv/.ready portraits build/fonts/fonts.json
	$(BIN)/kaowu build institutions --to build/demo --jobs 2
	@echo "样例材料已生成，请打开 build/demo 查看。"

test: has-test .venv/.ready portraits build/fonts/fonts.json build/node/.ready
	$(BIN)/python -m pytest -n 2

lint: has-lint .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy generator setup tests $(wildcard benchmarks)
	$(BIN)/kaowu policy lint
	$(BIN)/kaowu template lint

bench: has-bench .venv/.ready portraits build/fonts/fonts.json build/node/.ready
	$(BIN)/python -m benchmarks

site: has-site .venv/.ready portraits build/fonts/fonts.json
	$(BIN)/kaowu gallery build/gallery --jobs 2
	$(BIN)/kaowu pages build/pages --gallery build/gallery --words build/words.txt
	SOURCE_DATE_EPOCH=$(EPOCH) NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "网站在 build/site，打开 build/site/index.html。"

serve: site
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000

accept: has-test .venv/.ready portraits build/fonts/fonts.json build/node/.ready
	$(BIN)/python -m pytest --accept
	git status --short tests

mutate: has-lint .venv/.ready
	$(BIN)/python -m tests.policy.mutate

fuzz: has-lint .venv/.ready
	for target in yaml csv sheet source word; do \
	  $(BIN)/python -m tests.fuzz $$target -max_total_time=$(SECONDS) || exit 1; done

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-annotate --no-header --output-file requirements.lock pyproject.toml

has-lint has-demo has-site has-test has-bench: has-%:
	@setup/system.sh $*

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

build/fonts/fonts.json: setup/fonts.py setup/characters.txt
	$(BIN)/python setup/fonts.py build/fonts

portraits: .venv/.ready
	@$(BIN)/python setup/portraits.py

build/node/.ready: setup/node/package.json
	mkdir -p build/node
	cp setup/node/package.json build/node/
	cd build/node && npm install --no-package-lock --ignore-scripts --no-audit --no-fund
	@touch $@
