/*
 * The mesh and its routes, one step at a time: what it wants done, and when.
 */

/* link: olaf-relay/mesh.o olaf-relay/mesh_run.o olaf-relay/barrier.o */
/* link: olaf-relay/route.o olaf-relay/table.o olaf-relay/hash.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "mesh.h"
#include "route.h"
#include "test.h"

#define INTERVAL	50

/* What it wanted: a word each, in order. */
static char		 wanted[512];
static uint64_t		 attempt;
static struct table	 table;
static struct mesh	 mesh;
static struct neighbour	*a, *b;
static int		 envs[16];

static void
want(const char *what, const struct link *l)
{
	char	text[32];

	snprintf(text, sizeof(text), "%s%s", wanted[0] != '\0' ? " " : "",
	    what);
	strlcat(wanted, text, sizeof(wanted));
	if (l == NULL)
		return;
	snprintf(text, sizeof(text), "%d", *(const int *)l->env);
	strlcat(wanted, text, sizeof(wanted));
}

/* Compares what it wanted since the last time. */
static int
got(const char *what)
{
	int	same = strcmp(wanted, what) == 0;

	if (!same)
		fprintf(stderr, "wanted \"%s\", not \"%s\"\n", wanted, what);
	wanted[0] = '\0';
	return (same);
}

static void
op_dial(void *arg, struct neighbour *n, uint64_t number)
{
	(void)arg;
	attempt = number;
	want(n == a ? "dial-a" : "dial-b", NULL);
}

static void
op_request(void *arg, struct link *l)
{
	(void)arg;
	want("request", l);
}

static void
op_update(void *arg, struct link *const *l, size_t n)
{
	size_t	i;

	(void)arg;
	for (i = 0; i < n; i++)
		want(n > 1 ? "UPDATE" : "update", l[i]);
}

static void
op_ping(void *arg, struct link *l)
{
	(void)arg;
	want("ping", l);
}

static void
op_hold(void *arg, struct link *l, int hold)
{
	(void)arg;
	want(hold ? "hold" : "go", l);
}

static void
op_close(void *arg, struct link *l, const char *why)
{
	(void)arg;
	CHECK(why[0] != '\0');
	want("close", l);
}

static void
op_up(void *arg, struct neighbour *n)
{
	(void)arg;
	want(n == a ? "up-a" : "up-b", NULL);
}

static void
op_down(void *arg, struct neighbour *n)
{
	(void)arg;
	want(n == a ? "down-a" : "down-b", NULL);
}

static const struct mesh_ops	ops = {
	op_dial, op_request, op_update, op_ping, op_hold, op_close, op_up,
	op_down
};

/* Two neighbours, dialled and failed: nothing is under way. */
static void
begin(void)
{
	int	i;

	for (i = 0; i < 16; i++)
		envs[i] = i;
	memset(&table, 0, sizeof(table));
	table_init(&table);
	mesh_init(&mesh, &table, &ops, NULL, INTERVAL, 100);
	CHECK(mesh_due(&mesh, 0) == MESH_NEVER);
	b = neighbour_new(&mesh, 2, "b.example:8001", 0);
	a = neighbour_new(&mesh, 1, "a.example", 0);
	wanted[0] = '\0';
}

static void
end(void)
{
	while (!TAILQ_EMPTY(&mesh.neighbours))
		neighbour_remove(&mesh, TAILQ_FIRST(&mesh.neighbours), 0);
	CHECK(mesh.nneighbours == 0);
	mesh_clear(&mesh);
	table_clear(&table);
}

static struct link *
silent(struct neighbour *n, int env, int64_t now)
{
	neighbour_dial(n, now);
	mesh_run(&mesh, now);
	wanted[0] = '\0';
	return (mesh_link_up(&mesh, n, &envs[env], n->attempt, now, 0));
}

/* And the neighbour takes it. */
static struct link *
dialled(struct neighbour *n, int env, int64_t now)
{
	struct link	*l = silent(n, env, now);

	mesh_heard(&mesh, l, now);
	return (l);
}

static struct link *
accepted(struct neighbour *n, int env, int64_t now)
{
	return (mesh_link_up(&mesh, n, &envs[env], 0, now, 0));
}

static void
test_order(void)
{
	begin();
	CHECK(TAILQ_FIRST(&mesh.neighbours) == a && TAILQ_NEXT(a, entry) == b);
	CHECK(neighbour_find(&mesh, 2) == b);
	CHECK(neighbour_find(&mesh, 3) == NULL);
	CHECK(mesh_due(&mesh, 0) == 0);
	mesh_run(&mesh, 0);
	CHECK(got("dial-a dial-b"));
	CHECK(mesh_due(&mesh, 0) == MESH_NEVER);
	end();
}

/* From 1 to 1.5 seconds up to a minute, at random, and from there on. */
static void
test_backoff(void)
{
	int64_t	now = 0, wait, most = 1500, greatest = 0;
	int	i;

	begin();
	neighbour_remove(&mesh, b, 0);
	for (i = 0; i < 200; i++) {
		mesh_run(&mesh, now);
		CHECK(got("dial-a"));
		CHECK(a->attempt != 0 && mesh_due(&mesh, now) == MESH_NEVER);
		mesh_dial_failed(a, a->attempt, "no", now,
		    (uint32_t)i * 2654435761U);
		wait = mesh_due(&mesh, now) - now;
		CHECK(wait >= 1000 && wait <= most);
		if (wait > greatest)
			greatest = wait;
		mesh_run(&mesh, now + wait - 1);
		CHECK(got(""));
		now += wait;
		most = 1000 + (most - 1000) * 2;
		if (most > 60000)
			most = 60000;
	}
	CHECK(greatest > 50000);
	CHECK(strcmp(a->error, "no") == 0);
	/* a failure that is none of the dial under way is nobody's */
	mesh_run(&mesh, now);
	mesh_dial_failed(a, a->attempt + 1, "other", now, 0);
	CHECK(a->attempt != 0 && strcmp(a->error, "no") == 0);
	end();
}

/* A link that stood is worth a quick dial, one that did not is a failure. */
static void
test_redial(void)
{
	struct link	*l;
	int64_t		 now = 0;
	int		 i;

	begin();
	for (i = 0; i < 10; i++) {
		l = dialled(a, 1, now);
		a->backoff = 16000;
		mesh_link_gone(&mesh, l, now + 5000, 16000);
		CHECK(a->dial_at == now + 5000 + 1000 + 16000);
		l = dialled(a, 1, now);
		mesh_link_gone(&mesh, l, now + 15000, 500);
		CHECK(a->dial_at == now + 15000 + 1500);
		now += 100000;
	}
	/* who dials us is there: it is not waited for */
	a->backoff = 59000;
	a->dial_at = now + 59000;
	accepted(a, 2, now);
	CHECK(a->dial_at == now + 1000);
	end();
}

static void
test_up(void)
{
	struct link	*l;

	begin();
	l = dialled(a, 1, 0);
	CHECK(l != NULL && l->dialled && neighbour_linked(a));
	CHECK(got("request1 update1 up-a"));
	CHECK(mesh_out(&mesh, a, 1) == l && got(""));
	CHECK(mesh_out(&mesh, b, 1) == NULL);
	mesh_link_lost(&mesh, l, 10, 0);
	CHECK(got("") && !neighbour_linked(a));
	CHECK(mesh_out(&mesh, a, 1) == NULL);
	mesh_link_gone(&mesh, l, 20, 0);
	CHECK(got("down-a") && !neighbour_linked(a));
	/* an attempt that is over, or was never made */
	CHECK(mesh_link_up(&mesh, a, &envs[1], attempt, 30, 0) == NULL);
	CHECK(mesh_link_up(&mesh, a, &envs[1], 12345, 30, 0) == NULL);
	CHECK(got(""));
	end();
}

/* What was sent on the old link is read before what is sent on the new one. */
static void
test_switch(void)
{
	struct link	*old, *new;

	begin();
	old = accepted(a, 1, 0);
	CHECK(got("up-a request1 update1"));
	new = dialled(a, 2, 10);
	CHECK(got("request2 ping1 hold2 update2"));
	CHECK(mesh_out(&mesh, a, 1) == new);
	mesh_pong(&mesh, new, 20);
	CHECK(got(""));
	mesh_pong(&mesh, old, 30);
	CHECK(got("go2"));
	mesh_pong(&mesh, old, 40);
	CHECK(got(""));
	/* and back, when it is lost: there is nothing to wait for */
	mesh_changed(&mesh);
	mesh_link_lost(&mesh, new, 50, 0);
	CHECK(got("update1"));
	CHECK(mesh_out(&mesh, a, 1) == old);
	mesh_link_gone(&mesh, new, 60, 0);
	CHECK(got(""));
	end();
}

static void
test_switch_silent(void)
{
	struct link	*old, *new;

	begin();
	old = accepted(a, 1, 0);
	new = dialled(a, 2, 1000);
	wanted[0] = '\0';
	mesh_run(&mesh, 2999);
	CHECK(got("") && new->held);
	mesh_sent(&mesh, new, 2999);
	mesh_run(&mesh, 3000);
	CHECK(strstr(wanted, "go2") != NULL);
	wanted[0] = '\0';
	/* should it still answer, the newest state is said again */
	mesh_pong(&mesh, old, 4000);
	CHECK(new->told == 0);
	mesh_run(&mesh, 4000);
	CHECK(strstr(wanted, "update2") != NULL);
	end();
}

static void
test_switch_lost(void)
{
	struct link	*old, *new;

	begin();
	old = accepted(a, 1, 0);
	new = dialled(a, 2, 1000);
	wanted[0] = '\0';
	mesh_link_lost(&mesh, old, 1100, 0);
	CHECK(got("go2") && mesh_out(&mesh, a, 1) == new);
	end();
}

/* Nothing goes by a link that may be refused while there is another. */
static void
test_trust(void)
{
	struct link	*old, *new;

	begin();
	old = accepted(a, 1, 0);
	new = silent(a, 2, 10);
	CHECK(got("request2"));
	CHECK(mesh_out(&mesh, a, 1) == old);
	mesh_link_close(&mesh, new, 20, 0, "refused");
	CHECK(got("close2") && mesh_out(&mesh, a, 1) == old);
	new = silent(a, 3, 30);
	CHECK(got("request3"));
	mesh_heard(&mesh, new, 40);
	CHECK(got("ping1 hold3 update3"));
	CHECK(mesh_out(&mesh, a, 1) == new);
	mesh_heard(&mesh, new, 50);
	CHECK(got(""));
	end();
}

/* One that is silent is trusted when it could have refused it long since. */
static void
test_trust_silent(void)
{
	struct link	*old, *new;

	begin();
	old = accepted(a, 1, 0);
	new = silent(a, 2, 1000);
	wanted[0] = '\0';
	mesh_dial_failed(b, b->attempt, "no", 1000, 500);
	CHECK(mesh_due(&mesh, 1500) == 2500);		/* b's next dial */
	mesh_run(&mesh, 2999);
	CHECK(got("dial-b"));
	CHECK(mesh_due(&mesh, 2999) == 3000);
	CHECK(mesh_out(&mesh, a, 1) == old);
	mesh_run(&mesh, 3000);
	CHECK(got("ping1 hold2 update2"));
	CHECK(mesh_out(&mesh, a, 1) == new && new->trusted && !new->heard);
	end();
}

/* The only one is used at once; but the neighbour counts as linked later. */
static void
test_trust_only(void)
{
	struct link	*l, *k;

	begin();
	l = silent(a, 1, 0);
	strlcpy(a->error, "why", sizeof(a->error));
	CHECK(got("request1 update1") && !neighbour_linked(a));
	CHECK(mesh_out(&mesh, a, 1) == l);
	/* and stays in use */
	k = accepted(a, 2, 10);
	CHECK(got("up-a") && neighbour_linked(a) && a->error[0] != '\0');
	CHECK(mesh_out(&mesh, a, 1) == l);
	mesh_heard(&mesh, l, 20);
	CHECK(got("") && a->error[0] == '\0');
	mesh_link_gone(&mesh, k, 30, 0);
	CHECK(got("") && neighbour_linked(a));
	mesh_link_gone(&mesh, l, 40, 0);
	CHECK(got("down-a"));
	/* one that was never taken was as good as none */
	a->backoff = 16000;
	l = silent(a, 3, 1000);
	a->backoff = 16000;
	mesh_link_gone(&mesh, l, 21000, 16000);
	CHECK(got("request3 update3"));
	CHECK(a->dial_at == 21000 + 1000 + 16000);
	end();
}

/* Several changes are one update, for all who lack it. */
static void
test_updates(void)
{
	struct link	*l, *k;
	int64_t		 now = 1000;

	begin();
	l = dialled(a, 1, now);
	k = dialled(b, 2, now);
	mesh_sent(&mesh, l, now);
	mesh_sent(&mesh, k, now);
	wanted[0] = '\0';
	CHECK(mesh_due(&mesh, now) == MESH_NEVER);
	mesh_changed(&mesh);
	CHECK(mesh_due(&mesh, now) == now);
	mesh_run(&mesh, now);
	CHECK(got("UPDATE1 UPDATE2"));
	mesh_changed(&mesh);
	mesh_changed(&mesh);
	/* not before the last one is written */
	CHECK(mesh_due(&mesh, now) == MESH_NEVER);
	mesh_sent(&mesh, l, now);
	CHECK(mesh_due(&mesh, now) == now + INTERVAL);
	mesh_run(&mesh, now + INTERVAL - 1);
	CHECK(got(""));
	mesh_run(&mesh, now + INTERVAL);
	CHECK(got("update1"));
	mesh_sent(&mesh, k, now + INTERVAL);
	CHECK(mesh_due(&mesh, now + INTERVAL) == now + 2 * INTERVAL);
	mesh_run(&mesh, now + 2 * INTERVAL);
	CHECK(got("update2"));
	end();
}

/* A user's message takes the update along that first names the user. */
static void
test_before(void)
{
	struct link	*l;
	uint64_t	 version;

	begin();
	l = dialled(a, 1, 0);
	wanted[0] = '\0';
	version = mesh_changed(&mesh);
	CHECK(mesh_out(&mesh, a, 1) == l && got(""));
	CHECK(mesh_out(&mesh, a, version) == l && got("update1"));
	CHECK(mesh_out(&mesh, a, version) == l && got(""));
	/* a request, two updates, three messages */
	CHECK(a->counts.messages_out == 6 && a->counts.updates_out == 2);
	end();
}

static void
test_asked(void)
{
	struct link	*l, *k;

	begin();
	l = dialled(a, 1, 0);
	wanted[0] = '\0';
	/* before the first update is written */
	mesh_asked(&mesh, l, 10);
	mesh_asked(&mesh, l, 10);
	CHECK(got(""));
	mesh_sent(&mesh, l, 20);
	CHECK(got("update1"));
	mesh_sent(&mesh, l, 30);
	CHECK(got(""));
	/* by another link: there and back */
	k = accepted(a, 2, 40);
	CHECK(got(""));
	mesh_asked(&mesh, k, 50);
	CHECK(got("ping1 hold2 update2 hold1"));
	CHECK(mesh_out(&mesh, a, 1) == l);
	mesh_pong(&mesh, l, 60);
	CHECK(got("go2 ping2"));
	mesh_asked(&mesh, k, 65);
	mesh_sent(&mesh, k, 66);
	CHECK(got(""));
	mesh_pong(&mesh, k, 70);
	CHECK(got("go1 ping1 hold2 update2 hold1"));
	mesh_link_lost(&mesh, k, 80, 0);
	mesh_asked(&mesh, k, 90);
	CHECK(got("go1"));
	end();
}

static void
test_accepted(void)
{
	struct link	*l[MESH_ACCEPTED + 2];
	int		 i;

	begin();
	for (i = 0; i < MESH_ACCEPTED; i++)
		l[i] = accepted(a, i, 0);
	CHECK(mesh_out(&mesh, a, 1) == l[MESH_ACCEPTED - 1]);
	wanted[0] = '\0';
	l[i] = accepted(a, i, 0);
	CHECK(strstr(wanted, "close0") != NULL);
	CHECK(mesh_out(&mesh, a, 1) == l[i]);
	/* lost ones do not count */
	mesh_link_lost(&mesh, l[1], 0, 0);
	wanted[0] = '\0';
	l[i + 1] = accepted(a, i + 1, 0);
	CHECK(strstr(wanted, "close") == NULL);
	end();
}

static void
test_drop(void)
{
	struct link	*l;
	uint64_t	 old;

	begin();
	l = dialled(a, 1, 0);
	accepted(a, 2, 0);
	wanted[0] = '\0';
	neighbour_drop(&mesh, a, 10, "dropped");
	CHECK(got("close2 close1 down-a"));
	CHECK(mesh_link_up(&mesh, a, &envs[3], 0, 20, 0) == NULL);
	neighbour_remove(&mesh, b, 0);
	CHECK(mesh_due(&mesh, 100000) == MESH_NEVER && got(""));
	neighbour_dial(a, 30);
	mesh_run(&mesh, 30);
	CHECK(got("dial-a"));
	/* dropped while it is dialled: what comes of that is not wanted */
	old = a->attempt;
	neighbour_drop(&mesh, a, 40, "dropped");
	neighbour_dial(a, 50);
	CHECK(mesh_link_up(&mesh, a, &envs[3], old, 60, 0) == NULL);
	mesh_run(&mesh, 60);
	CHECK(a->attempt != 0 && a->attempt != old);
	l = mesh_link_up(&mesh, a, &envs[4], a->attempt, 70, 0);
	CHECK(l != NULL);
	wanted[0] = '\0';
	mesh_link_close(&mesh, l, 80, 0, "bad_json");
	CHECK(got("close4") && a->dial_at == 1080);
	end();
}

/* A clock that jumps back leaves nothing undone for long. */
static void
test_jump(void)
{
	struct link	*l;

	begin();
	l = dialled(a, 1, 5000000);
	mesh_sent(&mesh, l, 5000000);
	mesh_changed(&mesh);
	mesh_run(&mesh, 5000000);
	mesh_sent(&mesh, l, 5000000);
	mesh_changed(&mesh);
	CHECK(mesh_due(&mesh, 1000) == 1000);
	mesh_link_gone(&mesh, l, 5000000, 0);
	CHECK(mesh_due(&mesh, 1000) == 1000);
	wanted[0] = '\0';
	mesh_run(&mesh, 1000);
	CHECK(strstr(wanted, "dial-a") != NULL);
	end();
}

static void
route(struct route *r, const char *const *dests, size_t n, int *here)
{
	struct scan_span	 spans[8];
	struct address		 ours;
	size_t			 i;

	CHECK(address_read(&ours, "chat.example", 12) == 0);
	for (i = 0; i < n; i++) {
		spans[i].p = dests[i];
		spans[i].len = strlen(dests[i]);
	}
	route_chat(r, &mesh, &ours, spans, n);
	*here = route_here(&ours, spans, n);
}

static void
test_route(void)
{
	static const char *const same[] = { "chat.example", "CHAT.example:443",
	    "ws://chat.example/", "https://chat.example:80" };
	static const char *const mixed[] = { "other.example", "chat.example" };
	static const char *const others[] = { "other.example", "", "a b",
	    "chat.example:8080" };
	static const char *const both[] = { "b.example:8001", "wss://A.example",
	    "a.example:80", "B.EXAMPLE:8001/", "chat.example", "a.example" };
	struct route		 r;
	int			 here;

	begin();
	route(&r, same, 4, &here);
	CHECK(r.local && !r.unknown && r.count == 0 && here);
	route(&r, mixed, 2, &here);
	CHECK(r.local && r.unknown && r.nowhere && here);
	route(&r, others, 4, &here);
	CHECK(!r.local && r.unknown && !here);
	route(&r, both, 6, &here);
	CHECK(r.local && r.unknown && !r.nowhere && r.count == 0);
	dialled(a, 1, 0);
	route(&r, both, 6, &here);
	CHECK(r.local && r.unknown && r.count == 1 && r.to[0] == a);
	accepted(b, 2, 0);
	route(&r, both, 6, &here);
	CHECK(r.local && !r.unknown && r.count == 2 && r.to[0] == b &&
	    r.to[1] == a);
	route(&r, both, 1, &here);
	CHECK(!r.local && !r.unknown && r.count == 1 && !here);
	route_public_chat(&r, &mesh);
	CHECK(r.local && r.count == 2 && r.to[0] == a && r.to[1] == b);
	end();
}

int
main(void)
{
	RUN(test_order);
	RUN(test_backoff);
	RUN(test_redial);
	RUN(test_up);
	RUN(test_switch);
	RUN(test_switch_silent);
	RUN(test_switch_lost);
	RUN(test_trust);
	RUN(test_trust_silent);
	RUN(test_trust_only);
	RUN(test_updates);
	RUN(test_before);
	RUN(test_asked);
	RUN(test_accepted);
	RUN(test_drop);
	RUN(test_jump);
	RUN(test_route);
	return (test_done());
}
