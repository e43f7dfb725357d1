# olafd: every directory has a Makefile of its own; this one visits them.
# Works with GNU make and with BSD make.  Run ./configure first.

LIBRARIES = compat lib
PROGRAMS = olafd olaf-front olaf-relay olaf-keys olaf-files olafctl \
	olaf olaf-dial olaf-net olaf-transfer
DATA = man etc

SEEDS = 10000

all: ${PROGRAMS}

${PROGRAMS}: ${LIBRARIES}

${LIBRARIES} ${PROGRAMS}: configured
	cd $@ && ${MAKE} all

configured:
	@test -f config.mk || \
	    { echo "config.mk is missing: run ./configure first" >&2; exit 1; }

install: all
	for dir in ${PROGRAMS} ${DATA}; do \
		(cd $$dir && ${MAKE} install) || exit 1; \
	done

uninstall: configured
	for dir in ${PROGRAMS} ${DATA}; do \
		(cd $$dir && ${MAKE} uninstall) || exit 1; \
	done

# TESTS="unit/scan_test scenario/chat*" runs some only; see regress/run.
# Not by way of regress/Makefile: the summary shall be the last line.
regress: programs-of-regress
	@set -f; regress/run ${TESTS}

# BENCH="fanout hello" measures that alone.
bench: programs-of-regress
	@set -f; regress/bench/run ${BENCH}

# SEEDS=100000 runs so many neighbourhoods under a simulated network.
sim: ${LIBRARIES} olaf-relay
	cd regress && ${MAKE} sim/sim_test && sim/sim_test -n ${SEEDS}

fuzz: all
	cd regress && ${MAKE} $@

programs-of-regress: all
	cd regress && ${MAKE} all

# The table of messages in DESIGN.md, from lib/msgrules.c.
design: ${LIBRARIES}
	cd regress && ${MAKE} msgtable
	mk/design

lint: configured
	mk/lint

clean: configured
	for dir in ${LIBRARIES} ${PROGRAMS} ${DATA} regress; do \
		(cd $$dir && ${MAKE} clean) || exit 1; \
	done

distclean: clean
	rm -rf config.mk config.log compat/have.h run

.PHONY: all ${LIBRARIES} ${PROGRAMS} configured install uninstall regress \
	bench fuzz sim design lint clean distclean programs-of-regress
