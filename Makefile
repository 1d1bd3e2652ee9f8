# The front door. Meson and ninja do the work; tools/setup installs what is missing.
BUILD ?= build
MESON_FLAGS ?=
# Warnings are errors in CI, on the plain build: with sanitizers gcc warns of what is not so.
ifdef CI
WERROR = --werror
endif
ifdef DUCKDB_ROOT
MESON_FLAGS += -Dduckdb_root=$(DUCKDB_ROOT)
endif

.PHONY: all setup demo demo-postgres check bench format lint asan tsan docs clean

all: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD)

setup:
	@tools/setup

$(BUILD)/build.ninja:
	@meson setup $(BUILD) $(WERROR) $(MESON_FLAGS) >/dev/null || { meson setup $(BUILD) $(WERROR) $(MESON_FLAGS); exit 1; }

clean:
	rm -rf $(BUILD) build-asan build-tsan

# Every test, on the plain build and on the one with AddressSanitizer and UndefinedBehaviorSanitizer.
check: all asan
	@tests/run --build $(BUILD) --build build-asan

asan: setup
	@[ -e build-asan/build.ninja ] || meson setup build-asan $(MESON_FLAGS) -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	@ninja -C build-asan

tsan: setup
	@[ -e build-tsan/build.ninja ] || meson setup build-tsan $(MESON_FLAGS) -Db_sanitize=thread -Db_lundef=false >/dev/null
	@ninja -C build-tsan
	@tests/run --build build-tsan unit wire client fault wrapper

demo: all
	@tools/demo $(BUILD)

demo-postgres: all
	@tools/demo --postgres $(BUILD)

bench: setup
	@[ -e build-release/build.ninja ] || meson setup build-release $(MESON_FLAGS) --buildtype=release >/dev/null
	@ninja -C build-release
	@bench/run build-release
	@bench/tpch/run build-release

format:
	@clang-format-14 -i $$(git ls-files '*.c' '*.h')

lint: all
	@tools/check_tree $(BUILD)

# The wrappers' pages, from their option tables; what the scripts cover, from its list.
docs: all
	@tools/sql_coverage page > docs/sql-med.md
	@tools/function_coverage page > docs/functions.md
	@for module in $(BUILD)/wrappers/*.so; do $(BUILD)/wrapper_docs $$module > docs/wrappers/$$(basename $$module .so).md; done
