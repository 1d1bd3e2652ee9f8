# The front door. Meson and ninja do the work; tools/setup installs what is missing.
BUILD ?= build
MESON_FLAGS ?=
ifdef CI
MESON_FLAGS += --werror
endif
ifdef DUCKDB_ROOT
MESON_FLAGS += -Dduckdb_root=$(DUCKDB_ROOT)
endif

.PHONY: all setup demo demo-postgres check bench format lint asan tsan clean

all: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD)

setup:
	@tools/setup

$(BUILD)/build.ninja:
	@meson setup $(BUILD) $(MESON_FLAGS) >/dev/null || { meson setup $(BUILD) $(MESON_FLAGS); exit 1; }

clean:
	rm -rf $(BUILD) build-asan build-tsan
