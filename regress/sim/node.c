/*
 * A server: mesh_ops, and what relay does with messages; and the checks that
 * must hold whenever one has done something.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sim.h"

#define TIMERS_MAX	300	/* in a second: more is a timer that spins */

int64_t
node_clock(const struct node *n)
{
	return (1000000 + sim.now + n->offset);
}

static struct node *
node_of(void *arg)
{
	return (arg);
}

static struct conn *
conn_of(const struct link *l)
{
	return (l->env);
}

/* ---- what the mesh wants ------------------------------------------------- */

/* Jumps of the clock excuse what depends on it. */
static int
node_steady(const struct node *n, int64_t for_ms)
{
	return (n->jumped == 0 || sim.now - n->jumped > for_ms);
}

static void
op_dial(void *arg, struct neighbour *to, uint64_t attempt)
{
	struct node	*n = node_of(arg);
	int64_t		*last = &n->dialled_at[to->number - 1];

	if (*last != 0 && sim.now - *last < 1000 && node_steady(n, 61000))
		sim_fail("%d dials %u after %lld ms", n->number,
		    to->number - 1, (long long)(sim.now - *last));
	*last = sim.now;
	net_dial(n, to, attempt);
}

static void
op_request(void *arg, struct link *l)
{
	(void)arg;
	net_send(conn_of(l), !l->dialled, parcel_new(PARCEL_REQUEST, 0));
}

static struct parcel *
update_new(const struct node *n)
{
	const struct presence	*p;
	struct parcel		*u;
	unsigned int		 i = 0;

	u = parcel_new(PARCEL_UPDATE, n->table.here.nusers);
	u->tell = 1;
	TAILQ_FOREACH(p, &n->table.here.users, entry) {
		u->user[2 * i] = (uint8_t)user_number(p->user);
		u->user[2 * i++ + 1] = (uint8_t)(p->listed);
	}
	return (u);
}

/* One for all who lack the same: not more often than once an interval. */
static void
op_update(void *arg, struct link *const *l, size_t count)
{
	struct node	*n = node_of(arg);
	int		 batch = l == (struct link *const *)n->mesh.batch;
	size_t		 i;

	if (batch && n->batch_at != 0 &&
	    sim.now - n->batch_at < INTERVAL && node_steady(n, 2 * INTERVAL))
		sim_fail("%d: updates after %lld ms", n->number,
		    (long long)(sim.now - n->batch_at));
	if (batch)
		n->batch_at = sim.now;
	for (i = 0; i < count; i++) {
		if (l[i]->told != n->mesh.version)
			sim_fail("%d: an update that is old", n->number);
		net_send(conn_of(l[i]), !l[i]->dialled, update_new(n));
	}
	sim.updates += count;
}

static void
op_ping(void *arg, struct link *l)
{
	(void)arg;
	net_send(conn_of(l), !l->dialled, parcel_new(PARCEL_PING, 0));
}

static void
op_hold(void *arg, struct link *l, int hold)
{
	(void)arg;
	net_hold(conn_of(l), !l->dialled, hold);
}

static void
op_close(void *arg, struct link *l, const char *why)
{
	struct node	*n = node_of(arg);

	sim_say("%d closes connection %llu: %s", n->number,
	    (unsigned long long)conn_of(l)->number, why);
	net_close(conn_of(l), !l->dialled);
}

static void
op_up(void *arg, struct neighbour *to)
{
	sim_say("%d: %u is linked", node_of(arg)->number, to->number - 1);
}

static void
op_down(void *arg, struct neighbour *to)
{
	sim_say("%d: %u is gone", node_of(arg)->number, to->number - 1);
	if (to->server.nusers != 0)
		sim_fail("%d: %u is gone, but not its users",
		    node_of(arg)->number, to->number - 1);
}

static const struct mesh_ops	ops = {
	op_dial, op_request, op_update, op_ping, op_hold, op_close, op_up,
	op_down
};

/* ---- its life ------------------------------------------------------------- */

void
node_init(int number)
{
	struct node	*n = &sim.node[number];

	n->number = number;
	if (number % 4 == 3)
		snprintf(n->name, sizeof(n->name), "[2001:db8::%x]:8001",
		    number);
	else
		snprintf(n->name, sizeof(n->name), "s%d.example.org%s", number,
		    number % 4 == 0 ? "" : number % 4 == 1 ? ":443" : ":8001");
	if (address_read(&n->address, n->name, strlen(n->name)) == -1)
		fatalx("address");
	n->offset = sim_random(1000000);
}

void
node_start(struct node *n)
{
	int	i;

	sim_say("%d starts", n->number);
	n->up = 1;
	n->life++;
	n->batch_at = 0;
	memset(n->dialled_at, 0, sizeof(n->dialled_at));
	memset(&n->table, 0, sizeof(n->table));
	table_init(&n->table);
	mesh_init(&n->mesh, &n->table, &ops, n, INTERVAL,
	    (uint64_t)n->life << 32);
	for (i = 0; i < sim.nnodes; i++)
		if (i != n->number)
			neighbour_new(&n->mesh, (uint32_t)i + 1,
			    sim.node[i].name, node_clock(n));
	node_schedule(n);
}

/* All that it knew is gone; connections are cut by the caller. */
static void
node_forget(struct node *n)
{
	struct neighbour	*to;
	int			 i;

	for (i = 0; i < USERS; i++)
		if (n->client[i] != NULL) {
			user_unbind(&n->table, n->client[i]->user);
			client_free(&n->table, n->client[i]);
			n->client[i] = NULL;
		}
	while ((to = TAILQ_FIRST(&n->mesh.neighbours)) != NULL)
		neighbour_remove(&n->mesh, to, node_clock(n));
	mesh_clear(&n->mesh);
	if (n->table.by_key.count != 0 || n->table.by_digest.count != 0 ||
	    n->table.by_conn.count != 0)
		sim_fail("%d: its table is not empty", n->number);
	table_clear(&n->table);
}

void
node_crash(struct node *n)
{
	sim_say("%d crashes", n->number);
	n->up = 0;
	n->life++;
	net_crash(n);
	node_forget(n);
}

/* At the end of all: whatever it still has is freed. */
void
node_stop(struct node *n)
{
	if (n->up)
		node_forget(n);
}

void
node_schedule(struct node *n)
{
	int64_t	due = mesh_due(&n->mesh, node_clock(n));
	struct event	*e;

	n->timer++;
	if (due == MESH_NEVER)
		return;
	e = event_add(EVENT_TIMER, due - node_clock(n), n);
	e->number = n->timer;
}

void
node_timer(struct node *n, uint64_t number)
{
	if (number != n->timer)
		return;
	if (sim.now / 1000 != n->second) {
		n->second = sim.now / 1000;
		n->timers = 0;
	}
	if (++n->timers > TIMERS_MAX)
		sim_fail("%d: its timer spins", n->number);
	mesh_run(&n->mesh, node_clock(n));
}

/* ---- messages that arrive -------------------------------------------------- */

static void
node_hello(struct node *n, struct conn *c)
{
	struct neighbour	*from;

	from = neighbour_find(&n->mesh, (uint32_t)c->end[0].node->number + 1);
	c->end[1].link = mesh_link_up(&n->mesh, from, c, 0, node_clock(n),
	    sim_random(1 << 30));
	if (c->end[1].link == NULL)
		sim_fail("%d does not want a link", n->number);
}

static void
node_update(struct node *n, struct neighbour *from, const struct parcel *p)
{
	struct presence	*who;
	const char	*pem;
	unsigned int	 i;
	size_t		 len;

	server_update(&from->server);
	for (i = 0; i < p->count; i++) {
		pem = user_pem(p->user[2 * i], p->user[2 * i + 1], &len);
		switch (server_add(&n->table, &from->server, pem, len, &who)) {
		case SERVER_ADDED:
		case SERVER_KNOWN:
			break;
		case SERVER_REPEATED:
		case SERVER_BAD_KEY:
		default:
			sim_fail("%d: a key of %u is refused", n->number,
			    from->number - 1);
		}
	}
	server_updated(&n->table, &from->server);
	if (from->server.nusers != p->count)
		sim_fail("%d: not all users of %u", n->number,
		    from->number - 1);
}

/* Is it taken, as relay takes it? */
static int
chat_taken(struct node *n, const struct neighbour *from, const struct chat *c)
{
	const struct key	*k = user_key(c->user);
	struct user		*u;

	if (!c->is_public)
		return (c->to[n->number]);
	if ((u = user_find(&n->table, k->id)) == NULL ||
	    presence_find(u, &from->server) == NULL ||
	    c->counter <= n->counter[c->user])
		return (0);
	n->counter[c->user] = c->counter;
	return (1);
}

/* May it be refused there?  Only who is at several servers overtakes himself. */
static int
chat_excused(const struct chat *c)
{
	return (c->excused || (c->user < MOVERS && c->is_public));
}

static void
node_chat_arrives(struct node *n, struct neighbour *from, struct chat *c)
{
	sim_say("%d: chat %llu of user %d from %u", n->number,
	    (unsigned long long)c->number, c->user, from->number - 1);
	if (!c->to[n->number])
		sim_fail("%d: chat %llu is not for it", n->number,
		    (unsigned long long)c->number);
	if ((int)from->number - 1 != c->from)
		sim_fail("%d: chat %llu was sent on by %u", n->number,
		    (unsigned long long)c->number, from->number - 1);
	if (!chat_taken(n, from, c)) {
		if (!chat_excused(c))
			sim_fail("%d: chat %llu of user %d is refused",
			    n->number, (unsigned long long)c->number, c->user);
		c->reached[n->number]++;
		return;
	}
	if (++c->reached[n->number] > 1)
		sim_fail("%d: chat %llu comes again", n->number,
		    (unsigned long long)c->number);
	sim.deliveries++;
}

void
node_parcel(struct node *n, struct conn *c, int side, struct parcel *p)
{
	struct link		*l = c->end[side].link;
	struct neighbour	*from;

	if (p->type == PARCEL_HELLO) {
		node_hello(n, c);
		return;
	}
	if (l == NULL)
		sim_fail("%d: no link, and no hello before", n->number);
	from = l->neighbour;
	if (p->type != PARCEL_PING && p->type != PARCEL_PONG)
		mesh_heard(&n->mesh, l, node_clock(n));
	switch (p->type) {
	case PARCEL_REQUEST:
		mesh_asked(&n->mesh, l, node_clock(n));
		break;
	case PARCEL_UPDATE:
		node_update(n, from, p);
		break;
	case PARCEL_CHAT:
		node_chat_arrives(n, from, p->chat);
		break;
	case PARCEL_PING:
		net_send(c, side, parcel_new(PARCEL_PONG, 0));
		break;
	case PARCEL_PONG:
		mesh_pong(&n->mesh, l, node_clock(n));
		break;
	case PARCEL_HELLO:
	default:
		break;
	}
}

/* ---- its own users ---------------------------------------------------------- */

void
node_join(struct node *n, int user)
{
	static struct sockaddr_storage	 nowhere;
	const struct key		*k = user_key(user);
	struct user			*u;
	const char			*pem;
	size_t				 len;
	int				 spelling = (int)sim_random(SPELLINGS);

	if (n->client[user] != NULL)
		return;
	sim_say("%d: user %d joins", n->number, user);
	n->client[user] = client_new(&n->table, 0, (uint64_t)user + 1,
	    &nowhere);
	u = user_get(&n->table, k);
	pem = user_pem(user, spelling, &len);
	user_bind(&n->table, u, n->client[user], k, pem, len);
	user_unref(&n->table, u);
	u->here->listed = (uint64_t)spelling;	/* a place to keep it */
	u->here->version = mesh_changed(&n->mesh);
}

void
node_leave(struct node *n, int user)
{
	if (n->client[user] == NULL)
		return;
	sim_say("%d: user %d leaves", n->number, user);
	user_unbind(&n->table, n->client[user]->user);
	client_free(&n->table, n->client[user]);
	n->client[user] = NULL;
	mesh_changed(&n->mesh);
}

/* Is there a link that is not lost?  Worked out anew. */
static int
node_reaches(const struct node *n, int other)
{
	const struct neighbour	*to = neighbour_find(&n->mesh,
				    (uint32_t)other + 1);
	const struct link	*l;

	TAILQ_FOREACH(l, &to->links, entry)
		if (!l->lost)
			return (1);
	return (0);
}

static struct chat *
chat_new(const struct node *n, int user, int is_public)
{
	struct chat	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("chat");
	c->number = ++sim.chat_number;
	c->user = user;
	c->counter = ++sim.counter[user];
	c->is_public = is_public;
	c->from = n->number;
	c->at = sim.now;
	TAILQ_INSERT_TAIL(&sim.chats, c, entry);
	return (c);
}

/* Some spelling of a server's address, as protocol section 1 allows. */
static void
spell(const char *name, char *text, size_t size)
{
	static const char *const	before[] = { "", "ws://", "HTTPS://" };
	size_t				i;

	snprintf(text, size, "%s%s%s", before[sim_random(3)], name,
	    sim_chance(30) ? "/" : "");
	for (i = 0; text[i] != '\0'; i++)
		if (sim_chance(20) && text[i] >= 'a' && text[i] <= 'z')
			text[i] -= 'a' - 'A';
}

/*
 * Chooses destinations, some of them twice, some unknown.  Returns how many;
 * *unknown tells whether one cannot be reached.
 */
static size_t
choose(const struct node *n, struct chat *c, char text[][80],
    struct scan_span *dests, int *unknown)
{
	size_t	count = 1 + sim_random(6), i;
	int	to;

	*unknown = 0;
	for (i = 0; i < count; i++) {
		to = (int)sim_random((uint32_t)sim.nnodes);
		if (sim_chance(5)) {
			strlcpy(text[i], sim_chance(50) ? "" :
			    "nowhere.example.org:1", 80);
			*unknown = 1;
		} else {
			spell(sim.node[to].name, text[i], 80);
			c->to[to] = 1;
			if (to != n->number && !node_reaches(n, to))
				*unknown = 1;
		}
		dests[i].p = text[i];
		dests[i].len = strlen(text[i]);
	}
	return (count);
}

static void
chat_route(struct node *n, struct chat *c, struct route *r)
{
	char			 text[6][80];
	struct scan_span	 dests[6];
	size_t			 count;
	int			 i, unknown = 0;

	if (c->is_public) {
		for (i = 0; i < sim.nnodes; i++)
			c->to[i] = 1;
		route_public_chat(r, &n->mesh);
	} else {
		count = choose(n, c, text, dests, &unknown);
		route_chat(r, &n->mesh, &n->address, dests, count);
		if (route_here(&n->address, dests, count) != r->local)
			sim_fail("%d: here and not here", n->number);
	}
	if (r->unknown != unknown || r->local != c->to[n->number])
		sim_fail("%d: chat %llu: local %d, unknown %d, not %d, %d",
		    n->number, (unsigned long long)c->number, r->local,
		    r->unknown, c->to[n->number], unknown);
}

void
node_chat(struct node *n, int user, int is_public)
{
	struct chat	*c;
	struct route	 r;
	struct parcel	*p;
	struct link	*l;
	size_t		 i, want = 0;
	int		 to;

	if (n->client[user] == NULL)
		return;
	c = chat_new(n, user, is_public);
	sim_say("%d: user %d says %llu%s", n->number, user,
	    (unsigned long long)c->number, is_public ? " to all" : "");
	chat_route(n, c, &r);
	c->excused = !node_steady(n, 5000);
	n->counter[user] = c->counter;
	for (i = 0; i < (size_t)sim.nnodes; i++)
		want += (int)i != n->number && c->to[i] &&
		    node_reaches(n, (int)i);
	if (r.count != want)
		sim_fail("%d: %zu servers, not %zu", n->number, r.count, want);
	for (i = 0; i < r.count; i++) {
		to = (int)r.to[i]->number - 1;
		if (!c->to[to] || c->by[to] != NULL)
			sim_fail("%d: chat %llu to %d", n->number,
			    (unsigned long long)c->number, to);
		if ((l = mesh_out(&n->mesh, r.to[i],
		    n->client[user]->user->here->version)) == NULL)
			sim_fail("%d: no link to %d", n->number, to);
		c->by[to] = conn_of(l);
		p = parcel_new(PARCEL_CHAT, 0);
		p->chat = c;
		net_send(conn_of(l), !l->dialled, p);
	}
}

/* ---- what must always hold ---------------------------------------------------- */

void
node_check(struct node *n)
{
	const struct neighbour	*to;
	const struct link	*l;
	int			 out;

	TAILQ_FOREACH(to, &n->mesh.neighbours, entry) {
		if (TAILQ_EMPTY(&to->links) && to->server.nusers != 0)
			sim_fail("%d: users of %u, but no link", n->number,
			    to->number - 1);
		out = to->out == NULL;
		TAILQ_FOREACH(l, &to->links, entry) {
			out |= l == to->out && !l->lost;
			if (l->dialled && l->trusted && !l->lost &&
			    to->out != l)
				sim_fail("%d: its own link to %u is not used",
				    n->number, to->number - 1);
			if (to->out == NULL && !l->lost)
				sim_fail("%d: a link to %u is not used",
				    n->number, to->number - 1);
		}
		if (!out)
			sim_fail("%d: sends to %u on no link", n->number,
			    to->number - 1);
	}
}
