# SPDX-License-Identifier: Apache-2.0
# The references: the same acts in real Go and Rust (harnesses/idioms/operation.h). Included by the Makefile.

models := $(filter go-% rust-%,$(detectors))

# ---- Go: the one on PATH, or the newest of the distribution's ---------------------------------------
GO := $(or $(firstword $(wildcard $(addsuffix /go,$(subst :, ,$(PATH))))), \
      $(lastword $(sort $(wildcard /usr/lib/go-*/bin/go))))
# Nothing but what is here: no other toolchain, no module from elsewhere.
GO_ENV := GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=1 CC='$(CC)' \
          GOCACHE='$(CURDIR)/build/go-cache'
go_builds := plain checkptr asan
go_references := $(go_builds:%=build/bin/reference-go-%)
go_sources := $(wildcard harnesses/reference/go/*) \
              $(foreach f,plan/plan.c plan/plan.h classes.def idioms.def verdict/cause.h memory/block.c memory/heap.c \
              memory/zones.c memory/internal.h memory/stage.h,harnesses/$(f))
# -buildmode=pie: else C's heap may lie below the zone that is to be below everything.
# All packages, as the documentation of -d=checkptr has it and as -asan itself does.
go_flags_plain :=
go_flags_checkptr := -gcflags=all=-d=checkptr
go_flags_asan := -asan

ifneq ($(GO),)
$(go_references): build/bin/reference-go-%: $(go_sources)
	@mkdir -p $(@D)
	cd harnesses/reference/go && $(GO_ENV) '$(GO)' build -trimpath -buildmode=pie $(go_flags_$*) -o '$(CURDIR)/$@' .
build/bin/beside-go-asan: harnesses/reference/go/testdata/beside/main.go
	@mkdir -p $(@D)
	cd harnesses/reference/go && $(GO_ENV) '$(GO)' build -trimpath -asan -o '$(CURDIR)/$@' ./testdata/beside
else
# Said once; a reference that is not there is no error.
$(go_references) build/bin/beside-go-asan: build/reference-go-unavailable
	@:
build/reference-go-unavailable:
	@mkdir -p $(@D)
	@echo 'Go is not installed, its references are unavailable: scripts/bootstrap references' | tee $@
endif

# Only to be there: nothing of them is linked.
build/test/triage/models/go_facts_e2e: | $(go_references) build/bin/beside-go-asan

# ---- Rust: the one on PATH, or the distribution's ---------------------------------------------------
RUSTC := $(firstword $(wildcard $(addsuffix /rustc,$(subst :, ,$(PATH)) /usr/bin)))
rust_builds := release debug asan
rust_references := $(rust_builds:%=build/bin/reference-rust-%)
# One unit, in which the statics stay in order.
rust_flags := --edition 2021 -g -Cpanic=abort -Ccodegen-units=1 -Clinker='$(CC)'
rust_flags_release := -O
rust_flags_debug := -Cdebug-assertions=on
# With the runtime of the clang that builds the models, so that both have the same allocator. The switch is for nightly
# compilers, or for those that are told to be one; distributions ship no runtime of rustc's own.
rust_flags_asan := -O --cfg asan -Zsanitizer=address -Zexternal-clangrt -Clink-arg=-fsanitize=address

ifneq ($(RUSTC),)
$(rust_references): build/bin/reference-rust-%: $(wildcard harnesses/reference/rust/*.rs) harnesses/reference/build.mk
	@mkdir -p $(@D)
	MAKEFLAGS= FENCEPOST_RUSTC="$$('$(RUSTC)' --version)" $(if $(filter asan,$*),RUSTC_BOOTSTRAP=1) '$(RUSTC)' \
		$(rust_flags) $(rust_flags_$*) -o $@ harnesses/reference/rust/main.rs
else
$(rust_references): build/reference-rust-unavailable
	@:
build/reference-rust-unavailable:
	@mkdir -p $(@D)
	@echo 'Rust is not installed, its references are unavailable: scripts/bootstrap references' | tee $@
endif
build/test/triage/models/rust_facts_e2e: | $(rust_references)
