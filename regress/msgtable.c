/*
 * Prints the table of lib/msgrules.c as Markdown, for DESIGN.md: see mk/design.
 */

#include "compat.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "msgrules.h"

#define CHILDREN	(1 << ROLE_FRONT | 1 << ROLE_RELAY |		\
			    1 << ROLE_VERIFIER | 1 << ROLE_SIGNER |	\
			    1 << ROLE_FILES)
#define CELL_MAX	128

static void
add(char *cell, const char *word)
{
	if (cell[0] != '\0')
		strlcat(cell, ", ", CELL_MAX);
	strlcat(cell, word, CELL_MAX);
}

static void
format_roles(int roles, char *cell)
{
	int	 role;

	cell[0] = '\0';
	if ((roles & CHILDREN) == CHILDREN) {
		add(cell, "every child");
		roles &= ~CHILDREN;
	}
	for (role = 0; role < ROLE_MAX; role++)
		if (roles & 1 << role)
			add(cell, msgrules_role(role));
}

static void
format_phases(int phases, char *cell)
{
	static const char *const	 names[] = {
		[PHASE_SETUP] = "setup",
		[PHASE_RUNNING] = "running",
		[PHASE_SHUTDOWN] = "shutdown"
	};
	size_t				 phase;

	cell[0] = '\0';
	if (phases == (1 << nitems(names)) - 1) {
		add(cell, "any");
		return;
	}
	for (phase = 0; phase < nitems(names); phase++)
		if (phases & 1 << phase)
			add(cell, names[phase]);
}

static void
format_octets(const struct msg_rule *r, char *cell)
{
	if (r->min == r->max)
		snprintf(cell, CELL_MAX, "%u", r->min);
	else
		snprintf(cell, CELL_MAX, "%u to %u", r->min, r->max);
}

static void
print_row(const char *name, const char *from, const char *to,
    const char *phases, const char *octets, const char *fd)
{
	printf("| %-14s | %-18s | %-18s | %-17s | %-13s | %-10s |\n", name,
	    from, to, phases, octets, fd);
}

static void
print_rule(const struct msg_rule *r)
{
	char	 from[CELL_MAX], to[CELL_MAX];
	char	 phases[CELL_MAX], octets[CELL_MAX];

	format_roles(r->from, from);
	format_roles(r->to, to);
	format_phases(r->phases, phases);
	format_octets(r, octets);
	print_row(r->name, from, to, phases, octets, r->fd ? "yes" : "");
}

int
main(void)
{
	uint32_t	 type;

	print_row("message", "from", "to", "phases", "octets", "descriptor");
	print_row("---", "---", "---", "---", "---", "---");
	for (type = 0; type < MSG_MAX; type++)
		print_rule(msgrules_find(type));
	return (0);
}
