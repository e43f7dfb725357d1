/*
 * Neighbourhoods of 2 to 20 servers, each from a seed: users come, go, move and
 * talk while links are lost, servers crash and clocks jump; then all is calm,
 * and everybody must know the truth.
 *
 *	sim_test [-v] [-n seeds] [-s seed]
 *
 * -s: that seed alone.  -v says what happens.
 */

/* link: regress/sim/queue.o regress/sim/users.o regress/sim/net.o */
/* link: regress/sim/node.o olaf-relay/mesh.o olaf-relay/mesh_run.o */
/* link: olaf-relay/barrier.o olaf-relay/table.o olaf-relay/route.o olaf-relay/hash.o */

#include "compat.h"

#include <sys/wait.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sim.h"

#define SEEDS		10000
#define PROCESSES	2
#define CALM		180000	/* milliseconds until all must be well */
#define QUIET		10000	/* and nothing happens any more */

struct sim	sim;
int		verbose;

void
sim_say(const char *fmt, ...)
{
	va_list	ap;

	if (!verbose)
		return;
	printf("%8lld.%03lld  ", (long long)sim.now / 1000,
	    (long long)sim.now % 1000);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void
sim_fail(const char *fmt, ...)
{
	va_list	ap;

	printf("seed %llu, %d servers, step %llu, %lld ms: ",
	    (unsigned long long)sim.seed, sim.nnodes,
	    (unsigned long long)sim.step, (long long)sim.now);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n(sim_test -v -s %llu tells all of it)\n",
	    (unsigned long long)sim.seed);
	fflush(stdout);
	_exit(1);
}

/* ---- events -------------------------------------------------------------------- */

static void
event_run(struct event *e)
{
	struct end	*end;

	switch (e->type) {
	case EVENT_DELIVER:
		net_deliver(e);
		break;
	case EVENT_WRITTEN:
		end = &e->conn->end[e->side];
		if (end->open && end->link != NULL)
			mesh_sent(&e->node->mesh, end->link,
			    node_clock(e->node));
		break;
	case EVENT_CLOSED:
		net_closed(e);
		break;
	case EVENT_DIAL:
		net_dialled(e);
		break;
	case EVENT_TIMER:
		node_timer(e->node, e->number);
		break;
	case EVENT_START:
	default:
		break;
	}
}

static void
event_drop(struct event *e)
{
	free(e->parcel);
}

static void
step(struct event *e)
{
	struct node	*n = e->node;

	sim.now = e->at;
	sim.step++;
	if (e->type == EVENT_START) {
		if (!n->up)
			node_start(n);
	} else if (n->up && n->life == e->life) {
		event_run(e);
		if (e->type != EVENT_TIMER || e->number == n->timer)
			node_schedule(n);
		node_check(n);
	}
	event_drop(e);
	free(e);
}

static void
run_until(int64_t when)
{
	struct event	*e;

	while ((e = event_next(when)) != NULL)
		step(e);
	sim.now = when;
}

/* ---- what happens ---------------------------------------------------------------- */

static struct node *
any_node(void)
{
	return (&sim.node[sim_random((uint32_t)sim.nnodes)]);
}

/* Most keys are at one server, always the same. */
static int
any_user(const struct node *n)
{
	int	u = (int)sim_random(USERS);

	if (u >= MOVERS)
		u = MOVERS + (u - MOVERS) / sim.nnodes * sim.nnodes + n->number;
	return (u < USERS ? u : (int)sim_random(MOVERS));
}

static void
act(struct node *n)
{
	int	user = any_user(n), i;

	switch (sim_random(8)) {
	case 0:
	case 1:
		node_join(n, user);
		break;
	case 2:
		node_leave(n, user);
		break;
	case 3:				/* says hello, and something at once */
		node_join(n, user);
		node_chat(n, user, sim_chance(50));
		break;
	case 4:				/* says something, and is gone */
		node_chat(n, user, sim_chance(50));
		node_leave(n, user);
		break;
	default:
		for (i = 0; i < USERS && n->client[user] == NULL; i++)
			user = (user + 1) % USERS;
		node_chat(n, user, sim_chance(50));
		break;
	}
}

static void
jump(struct node *n)
{
	int64_t		 by = (int64_t)sim_random(200000) - 100000;
	struct chat	*c;

	if (sim_chance(50))
		by /= 1000;
	sim_say("%d: its clock jumps by %lld ms", n->number, (long long)by);
	n->offset += by;
	n->jumped = sim.now + 1;
	/* what is under way may be overtaken by what is held no more */
	TAILQ_FOREACH(c, &sim.chats, entry)
		if (c->from == n->number && sim.now - c->at < 5000)
			c->excused = 1;
}

static void
part(void)
{
	int	a = any_node()->number, b = any_node()->number;
	struct conn	*c;

	if (a == b)
		return;
	sim.apart[a][b] = sim.apart[b][a] = !sim.apart[a][b];
	sim_say("%d and %d are %s", a, b, sim.apart[a][b] ? "apart" :
	    "together");
	if (!sim.apart[a][b])
		return;
	TAILQ_FOREACH(c, &sim.conns, entry)
		if (c->end[0].node->number + c->end[1].node->number == a + b &&
		    (c->end[0].node->number == a ||
		    c->end[0].node->number == b))
			net_cut(c);
}

static void
fault(void)
{
	struct node	*n = any_node();
	struct conn	*c;

	switch (sim_random(6)) {
	case 0:
		if (n->up) {
			node_crash(n);
			event_add(EVENT_START, sim_random(5000), n);
		}
		break;
	case 1:
		part();
		break;
	case 2:
		jump(n);
		break;
	default:
		if ((c = net_any()) != NULL)
			net_cut(c);
		break;
	}
}

static void
storm(int actions, int faults)
{
	struct node	*n;

	while (actions-- > 0) {
		run_until(sim.now + sim_random(sim_chance(70) ? 30 : 600));
		n = any_node();
		if (sim_chance((uint32_t)faults))
			fault();
		else if (n->up) {
			sim.step++;
			act(n);
			node_schedule(n);
			node_check(n);
		}
	}
}

/* ---- the truth ----------------------------------------------------------------------- */

static void
check_users(const struct node *n, const struct node *other,
    const struct neighbour *to)
{
	struct user	*u;
	int		 user, there, shown;

	for (user = 0; user < USERS; user++) {
		u = user_find(&n->table, user_key(user)->id);
		there = other->client[user] != NULL;
		shown = u != NULL && presence_find(u, &to->server) != NULL;
		if (there != shown)
			sim_fail("%d: user %d is %sat %d", n->number, user,
			    there ? "" : "not ", other->number);
		if (shown && presence_hidden(presence_find(u, &to->server)) !=
		    (n->client[user] != NULL))
			sim_fail("%d: user %d is hidden, or not", n->number,
			    user);
	}
}

static void
check_truth(void)
{
	struct neighbour	*to;
	struct node		*n;
	int			 i, j;

	for (i = 0; i < sim.nnodes; i++) {
		n = &sim.node[i];
		for (j = 0; j < sim.nnodes; j++) {
			if (i == j)
				continue;
			to = neighbour_find(&n->mesh, (uint32_t)j + 1);
			if (to->dialled == NULL || to->out != to->dialled)
				sim_fail("%d is not linked to %d", i, j);
			check_users(n, &sim.node[j], to);
		}
		if (mesh_due(&n->mesh, node_clock(n)) != MESH_NEVER)
			sim_fail("%d: something is due, but what?", i);
	}
}

/* On a link that stood, all must have arrived: wherever it was sent. */
static void
check_chats(void)
{
	struct chat	*c;
	struct conn	*by;
	int		 i;

	TAILQ_FOREACH(c, &sim.chats, entry)
		for (i = 0; i < sim.nnodes; i++) {
			if ((by = c->by[i]) == NULL || c->reached[i] > 0)
				continue;
			if (!by->cut && !by->closed)
				sim_fail("chat %llu never reached %d",
				    (unsigned long long)c->number, i);
			sim.losses++;
		}
}

static void
clear(void)
{
	struct chat	*c;
	int		 i;

	for (i = 0; i < sim.nnodes; i++)
		node_stop(&sim.node[i]);
	event_clear(event_drop);
	net_clear();
	while ((c = TAILQ_FIRST(&sim.chats)) != NULL) {
		TAILQ_REMOVE(&sim.chats, c, entry);
		free(c);
	}
}

/* Few servers mostly, for what goes wrong goes wrong with three. */
static int
choose_size(void)
{
	if (sim_chance(2))
		return (2 + (int)sim_random(NODES_MAX - 1));
	return (sim_chance(85) ? 2 + (int)sim_random(3) :
	    2 + (int)sim_random(7));
}

static void
run_seed(uint64_t seed)
{
	int	i;

	memset(&sim, 0, sizeof(sim));
	sim.seed = seed;
	sim.random = seed * 0x9e3779b97f4a7c15ULL + 0x1234567;
	TAILQ_INIT(&sim.conns);
	TAILQ_INIT(&sim.chats);
	sim.nnodes = choose_size();
	for (i = 0; i < sim.nnodes; i++) {
		node_init(i);
		event_add(EVENT_START, sim_random(3000), &sim.node[i]);
	}
	storm(40 + (int)sim_random(80), sim_chance(20) ? 0 :
	    5 + (int)sim_random(25));
	sim.calm = 1;
	memset(sim.apart, 0, sizeof(sim.apart));
	run_until(sim.now + CALM);
	/* what is said now has no excuse */
	storm(10, 0);
	run_until(sim.now + QUIET);
	check_truth();
	check_chats();
	clear();
}

/* ---- many of them --------------------------------------------------------------------- */

/* One of several processes: every so many seeds. */
static void
run_seeds(uint64_t first, uint64_t count, int part_of)
{
	uint64_t	i, deliveries = 0, losses = 0, updates = 0;

	for (i = (uint64_t)part_of; i < count; i += PROCESSES) {
		run_seed(first + i);
		deliveries += sim.deliveries;
		losses += sim.losses;
		updates += sim.updates;
	}
	fprintf(stderr, "%llu messages between servers, %llu lost with their "
	    "link, %llu updates\n", (unsigned long long)deliveries,
	    (unsigned long long)losses, (unsigned long long)updates);
}

static int
run_all(uint64_t first, uint64_t count)
{
	int	i, status, failed = 0;

	printf("seeds from %llu\n", (unsigned long long)first);
	fflush(stdout);
	for (i = 0; i < PROCESSES; i++)
		switch (fork()) {
		case -1:
			fatal("fork");
		case 0:
			run_seeds(first, count, i);
			exit(0);
		default:
			break;
		}
	while (wait(&status) != -1)
		failed |= status != 0;
	printf("%s - %llu neighbourhoods from seed %llu%s\n",
	    failed ? "not ok" : "ok", (unsigned long long)count,
	    (unsigned long long)first, failed ? ": see above" : "");
	return (failed);
}

static uint64_t
number(const char *text)
{
	const char	*errstr;
	long long	 n = strtonum(text, 1, INT64_MAX, &errstr);

	if (errstr != NULL)
		fatalx("%s: %s", text, errstr);
	return ((uint64_t)n);
}

int
main(int argc, char *argv[])
{
	uint64_t	seeds = 0, seed = 0;
	int		ch;

	log_init("sim_test", LOG_TO_STDERR, 0);
	while ((ch = getopt(argc, argv, "n:s:v")) != -1)
		switch (ch) {
		case 'n':
			seeds = number(optarg);
			break;
		case 's':
			seed = number(optarg);
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			return (2);
		}
	users_make();
	if (seed != 0) {
		run_seed(seed);
		printf("ok - seed %llu\n", (unsigned long long)seed);
		return (0);
	}
	/* some that are always the same, and some that never were before */
	if (seeds == 0)
		return (run_all(1, SEEDS / 2) |
		    run_all(1 + ((uint64_t)arc4random() << 16), SEEDS / 2));
	return (run_all(1 + ((uint64_t)arc4random() << 16), seeds));
}
