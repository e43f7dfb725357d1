/*
 * Every pair of message functions against a description of its fields, which
 * encodes them a second time: what is written, what is read, each truncation,
 * each value out of range, and that the table of messages knows the lengths.
 */

#include "compat.h"

#include <netinet/in.h>

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "msg_pairs.h"
#include "test.h"

#define SAMPLE_MAX	65536	/* octets of any message here */
#define STRUCT_MAX	65536	/* of any struct */
#define REST_LEN	21	/* octets in the span of a sample */

/* Described by no fields: plain octets, and a list. */
static const enum msg_type others[] = {
	MSG_CONF_CERT, MSG_CONF_OK, MSG_QUEUES, MSG_DELIVER_LINKS,
	MSG_CLIENT_CA, MSG_NET_SELF, MSG_NET_MESSAGE
};

enum sample {
	LEAST,		/* each field as small as it may be */
	MOST,		/* as great; spans excepted */
	BETWEEN		/* and all different */
};

/* A message as it should stand on the wire. */
struct wire {
	uint8_t	 data[SAMPLE_MAX];
	size_t	 len;
	size_t	 at[16];	/* where each field begins */
};

static struct wire	 wire;
static uint8_t		 rest[] = "octets behind a field";

/* ---- making samples ------------------------------------------------------ */

static void
wire_number(uint64_t v, size_t octets)
{
	while (octets-- > 0)
		wire.data[wire.len++] = (uint8_t)(v >> (8 * octets));
}

static void
wire_bytes(const void *p, size_t len)
{
	memcpy(wire.data + wire.len, p, len);
	wire.len += len;
}

static size_t
octets_of(enum kind kind)
{
	return (kind == U64 ? 8 : kind == U32 ? 4 : kind == U16 ? 2 : 1);
}

static void
set_number(void *at, enum kind kind, uint64_t v)
{
	if (kind == U8)
		*(uint8_t *)at = (uint8_t)v;
	else if (kind == U16)
		*(uint16_t *)at = (uint16_t)v;
	else if (kind == U32)
		*(uint32_t *)at = (uint32_t)v;
	else if (kind == U64)
		*(uint64_t *)at = v;
	else if (kind == FLAG)
		*(int *)at = (int)v;
	else
		*(enum role *)at = (enum role)v;	/* any enum */
}

static void
make_number(const struct field *f, uint8_t *at, enum sample sample,
    uint64_t seed)
{
	uint64_t	 span = f->max - f->min, v = f->min;

	if (sample == MOST)
		v = f->max;
	else if (sample == BETWEEN)
		v += span == UINT64_MAX ? seed * 0x0102030405060708 :
		    seed * 0x01020305 % (span + 1);
	set_number(at, f->kind, v);
	wire_number(v, octets_of(f->kind));
}

static void
make_string(const struct field *f, char *at, enum sample sample, int seed)
{
	size_t	 len = 0;

	if (sample == MOST)
		len = f->size - 1;
	else if (sample == BETWEEN)
		len = 5;
	memset(at, 'a' + seed, len);
	wire_number(len, 2);
	wire_bytes(at, len);
}

static void
make_address(uint8_t *at, enum sample sample)
{
	static const uint8_t	 v4[4] = { 192, 0, 2, 1 };
	static const uint8_t	 v6[16] = { 0x20, 1, 0xd, 0xb8, 1, 2, 3, 4 };
	struct sockaddr_in	*sin = (void *)at;
	struct sockaddr_in6	*sin6 = (void *)at;

	if (sample == LEAST) {
		sin->sin_family = AF_INET;
		memcpy(&sin->sin_addr, v4, sizeof(v4));
		sin->sin_port = htons(258);
		wire_number(4, 1);
		wire_bytes(v4, sizeof(v4));
	} else {
		sin6->sin6_family = AF_INET6;
		memcpy(&sin6->sin6_addr, v6, sizeof(v6));
		sin6->sin6_port = htons(258);
		wire_number(6, 1);
		wire_bytes(v6, sizeof(v6));
	}
	wire_number(258, 2);
}

static void
make_field(const struct field *f, uint8_t *at, enum sample sample, int seed)
{
	struct msg_span	*span = (void *)at;
	size_t		 i;

	switch (f->kind) {
	case U64:
		for (i = 0; i < f->size; i++)
			make_number(f, at + i * 8, sample, i * 31 + seed);
		break;
	case STRING:
		make_string(f, (char *)at, sample, seed);
		break;
	case BYTES:
		memset(at, seed, f->size);
		at[f->size - 1]++;
		wire_bytes(at, f->size);
		break;
	case ADDRESS:
		make_address(at, sample);
		break;
	case REST:
		span->p = rest;
		span->len = sample == LEAST ? f->min : REST_LEN;
		wire_bytes(rest, span->len);
		break;
	default:
		make_number(f, at, sample, seed);
		break;
	}
}

/* Fills a struct and writes what it should become on the wire. */
static void
make(const struct pair *p, void *m, enum sample sample)
{
	const struct field	*f;
	int			 i;

	memset(m, 0, p->size);
	wire.len = 0;
	for (i = 0, f = p->fields; f->kind != NO_FIELD; i++, f++) {
		wire.at[i] = wire.len;
		make_field(f, (uint8_t *)m + f->offset, sample, i + 1);
	}
}

/* ---- the functions on samples -------------------------------------------- */

static void *
new_struct(void)
{
	void	*m;

	if ((m = calloc(1, STRUCT_MAX)) == NULL)
		err(1, NULL);
	return (m);
}

/*
 * Reads so many octets, from memory of that size so that a sanitizer sees what
 * is read behind.
 */
static int
get(const struct pair *p, const uint8_t *data, size_t len, void *m)
{
	struct ibuf	 b;
	uint8_t		*copy;
	int		 r;

	if ((copy = malloc(len > 0 ? len : 1)) == NULL)
		err(1, NULL);
	memcpy(copy, data, len);
	ibuf_from_buffer(&b, copy, len);
	memset(m, 0, p->size);
	r = p->get(&b, m);
	free(copy);
	return (r);
}

/* The same for the sample as it is; spans then point into it. */
static int
get_sample(const struct pair *p, void *m)
{
	struct ibuf	 b;

	ibuf_from_buffer(&b, wire.data, wire.len);
	memset(m, 0, p->size);
	return (p->get(&b, m));
}

static const struct field *
rest_field(const struct pair *p)
{
	const struct field	*f;

	for (f = p->fields; f->kind != NO_FIELD; f++)
		if (f->kind == REST)
			return (f);
	return (NULL);
}

/* After this, equal spans have equal structs. */
static int
same_rest(const struct pair *p, uint8_t *a, uint8_t *b)
{
	const struct field	*f = rest_field(p);
	struct msg_span		*sa, *sb;

	if (f == NULL)
		return (1);
	sa = (void *)(a + f->offset);
	sb = (void *)(b + f->offset);
	if (sa->len != sb->len || memcmp(sa->p, sb->p, sa->len) != 0)
		return (0);
	sb->p = sa->p;
	return (1);
}

static int
put_matches(const struct pair *p, const void *m)
{
	struct ibuf	*b;
	int		 same;

	if ((b = ibuf_dynamic(0, SAMPLE_MAX)) == NULL)
		err(1, NULL);
	p->put(b, m);
	same = ibuf_size(b) == wire.len &&
	    memcmp(ibuf_data(b), wire.data, wire.len) == 0;
	ibuf_free(b);
	return (same);
}

static int
round_trip(const struct pair *p, enum sample sample)
{
	void	*m = new_struct(), *read = new_struct();
	int	 ok;

	make(p, m, sample);
	ok = put_matches(p, m) && get_sample(p, read) == 0 &&
	    same_rest(p, m, read) && memcmp(m, read, p->size) == 0;
	free(m);
	free(read);
	return (ok);
}

static void
test_round_trip(void)
{
	const struct pair	*p;
	enum sample		 sample;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (sample = LEAST; sample <= BETWEEN; sample++)
			if (!round_trip(p, sample)) {
				fprintf(stderr, "%s\n", p->name);
				CHECK(!"changed on the way");
			}
}

/* From how many octets on a message with a span is whole. */
static size_t
whole_from(const struct pair *p)
{
	const struct field	*rf = rest_field(p);

	if (rf == NULL)
		return (wire.len);
	return (wire.at[rf - p->fields] + rf->min);
}

static void
test_truncated(void)
{
	const struct pair	*p;
	void			*m = new_struct();
	enum sample		 sample;
	size_t			 len;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (sample = LEAST; sample <= BETWEEN; sample++) {
			make(p, m, sample);
			for (len = 0; len < wire.len; len++)
				if ((get(p, wire.data, len, m) == 0) !=
				    (len >= whole_from(p))) {
					fprintf(stderr, "%s: %zu of %zu\n",
					    p->name, len, wire.len);
					CHECK(!"truncation seen");
				}
		}
	free(m);
}

static void
test_too_long(void)
{
	const struct pair	*p;
	void			*m = new_struct();
	enum sample		 sample;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (sample = LEAST; sample <= BETWEEN; sample++) {
			make(p, m, sample);
			wire.data[wire.len] = 0;
			if (get(p, wire.data, wire.len + 1, m) !=
			    (rest_field(p) == NULL ? -1 : 0)) {
				fprintf(stderr, "%s\n", p->name);
				CHECK(!"octet behind the end seen");
			}
		}
	free(m);
}

static void
check_refused(const struct pair *p, int field, uint64_t v, size_t octets)
{
	void	*m = new_struct();
	size_t	 len;

	make(p, m, BETWEEN);
	len = wire.len;
	wire.len = wire.at[field];
	wire_number(v, octets);
	if (get(p, wire.data, len, m) != -1) {
		fprintf(stderr, "%s: field %d: %llu\n", p->name, field,
		    (unsigned long long)v);
		CHECK(!"value out of range seen");
	}
	free(m);
}

static void
test_out_of_range(void)
{
	const struct pair	*p;
	const struct field	*f;
	uint64_t		 top;
	int			 i;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (i = 0, f = p->fields; f->kind != NO_FIELD; i++, f++) {
			if (f->kind > ENUM)
				continue;
			top = UINT64_MAX >> (64 - 8 * octets_of(f->kind));
			if (f->min > 0)
				check_refused(p, i, f->min - 1,
				    octets_of(f->kind));
			if (f->max < top) {
				check_refused(p, i, f->max + 1,
				    octets_of(f->kind));
				check_refused(p, i, top, octets_of(f->kind));
			}
		}
}

/* A string that the array can't hold although the octets are there. */
static void
check_long_string(const struct pair *p, int field)
{
	void	*m = new_struct();
	size_t	 end, size = p->fields[field].size;
	uint8_t	 tail[SAMPLE_MAX];

	make(p, m, MOST);
	end = wire.at[field] + 2 + size - 1;
	memcpy(tail, wire.data + end, wire.len - end);
	memmove(wire.data + end + 1, tail, wire.len - end);
	wire.data[end] = 'x';
	wire.data[wire.at[field]] = (uint8_t)(size >> 8);
	wire.data[wire.at[field] + 1] = (uint8_t)size;
	CHECK(get(p, wire.data, wire.len + 1, m) == -1);
	free(m);
}

static void
test_strings(void)
{
	const struct pair	*p;
	const struct field	*f;
	void			*m = new_struct();
	int			 i;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (i = 0, f = p->fields; f->kind != NO_FIELD; i++, f++) {
			if (f->kind != STRING)
				continue;
			check_long_string(p, i);
			make(p, m, BETWEEN);
			wire.data[wire.at[i] + 2 + 4] = '\0';
			CHECK(get(p, wire.data, wire.len, m) == -1);
		}
	free(m);
}

static void
test_addresses(void)
{
	const struct pair	*p;
	const struct field	*f;
	int			 i;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (i = 0, f = p->fields; f->kind != NO_FIELD; i++, f++) {
			if (f->kind != ADDRESS)
				continue;
			check_refused(p, i, 0, 1);
			check_refused(p, i, 4, 1);	/* then it's too long */
			check_refused(p, i, 5, 1);
			check_refused(p, i, 10, 1);
		}
}

/* An address that is of neither family becomes one that says nothing. */
static void
test_no_address(void)
{
	struct msg_opened	 m, read;
	struct sockaddr_in6	*sin6 = (void *)&read.address;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	if ((b = ibuf_dynamic(0, 64)) == NULL)
		err(1, NULL);
	msg_opened_put(b, &m);
	CHECK(msg_opened_get(b, &read) == 0);
	CHECK(read.address.ss_family == AF_INET6);
	CHECK(IN6_IS_ADDR_UNSPECIFIED(&sin6->sin6_addr));
	CHECK(sin6->sin6_port == 0);
	ibuf_free(b);
}

/* ---- queues: a list ------------------------------------------------------ */

static size_t
encode_queues(const struct msg_queues *m, uint8_t *data, size_t size)
{
	struct ibuf	*b;
	size_t		 len;

	if ((b = ibuf_dynamic(0, size)) == NULL)
		err(1, NULL);
	put_queues(b, m);
	len = ibuf_size(b);
	memcpy(data, ibuf_data(b), len);
	ibuf_free(b);
	return (len);
}

static int
decode_queues(struct msg_queues *m, uint8_t *data, size_t len)
{
	struct ibuf	 b;

	ibuf_from_buffer(&b, data, len);
	memset(m, 0, sizeof(*m));
	return (get_queues(&b, m));
}

static void
make_queues(struct msg_queues *m, uint32_t count)
{
	uint32_t	 i;

	memset(m, 0, sizeof(*m));
	m->id = 0x01020304;
	m->last = 1;
	m->count = count;
	for (i = 0; i < count; i++) {
		m->queue[i].conn = i * 3 + 1;
		m->queue[i].octets = i * 5 + 2;
	}
}

static void
test_queues(void)
{
	static const uint32_t	 counts[] = { 0, 1, 2, MSG_QUEUES_MAX };
	static struct msg_queues m, read;
	static uint8_t		 data[SAMPLE_MAX];
	const struct msg_rule	*rule = msgrules_find(MSG_QUEUES);
	size_t			 i, len, n;

	for (i = 0; i < nitems(counts); i++) {
		make_queues(&m, counts[i]);
		len = encode_queues(&m, data, sizeof(data));
		CHECK(len == 5 + 16 * (size_t)counts[i]);
		CHECK(decode_queues(&read, data, len) == 0);
		CHECK(memcmp(&m, &read, sizeof(m)) == 0);
		for (n = len > 100 ? len - 100 : 0; n < len; n++)
			CHECK(decode_queues(&read, data, n) ==
			    (n >= 5 && (n - 5) % 16 == 0 ? 0 : -1));
		CHECK(decode_queues(&read, data, len + 1) == -1);
	}
	CHECK(rule->min == 5);
	CHECK(rule->max == len);
	CHECK(decode_queues(&read, data, len + 16) == -1);
	data[4] = 2;
	CHECK(decode_queues(&read, data, len) == -1);
}

/*
 * ---- the table of messages ------------------------------------------------
 */

static void
check_lengths(const struct pair *p, enum msg_type type)
{
	const struct msg_rule	*rule = msgrules_find(type);
	void			*m = new_struct();
	size_t			 least, most;

	make(p, m, LEAST);
	least = wire.len;
	make(p, m, MOST);
	most = wire.len;
	free(m);
	if (rest_field(p) != NULL) {
		/* the table may ask for more than the functions do */
		if (rule->min >= least && rule->max >= most)
			return;
	} else if (rule->min == least && rule->max == most)
		return;
	fprintf(stderr, "%s: %u to %u, should be %zu to %zu\n", rule->name,
	    rule->min, rule->max, least, most);
	CHECK(!"lengths in msgrules.c");
}

static void
test_lengths(void)
{
	const struct pair	*p;
	const enum msg_type	*type;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (type = p->types; *type != MSG_MAX; type++)
			check_lengths(p, *type);
}

/* A span is as long as the message lets it be. */
static void
test_span_lengths(void)
{
	CHECK(msgrules_find(MSG_TEXT)->min == 8);
	CHECK(msgrules_find(MSG_TEXT)->max == 8 + MSG_TEXT_MAX);
	CHECK(msgrules_find(MSG_DELIVER_ONE)->max == 8 + MSG_TEXT_MAX);
	CHECK(msgrules_find(MSG_DELIVER_ALL)->max == 8 + MSG_TEXT_MAX);
	CHECK(msgrules_find(MSG_LIST_PART)->min == 9);
	CHECK(msgrules_find(MSG_VERIFY_KEY)->max == 4 + MSG_DER_MAX);
}

/* Every message with a payload is known to this test. */
static void
test_all_known(void)
{
	int			 known[MSG_MAX] = { 0 };
	const struct pair	*p;
	const enum msg_type	*type;
	uint32_t		 i;

	for (p = pairs; p < pairs + nitems(pairs); p++)
		for (type = p->types; *type != MSG_MAX; type++)
			known[*type]++;
	for (i = 0; i < nitems(others); i++)
		known[others[i]]++;
	for (i = 0; i < MSG_MAX; i++)
		if (known[i] != (msgrules_find(i)->max > 0)) {
			fprintf(stderr, "%s\n", msgrules_find(i)->name);
			CHECK(!"known once, if it has a payload");
		}
}

static void
test_stat_names(void)
{
	int	 i, j;

	for (i = 0; i < FRONT_STAT_MAX; i++) {
		CHECK(msg_front_stat_name(i) != NULL);
		for (j = 0; j < i; j++)
			CHECK(strcmp(msg_front_stat_name(i),
			    msg_front_stat_name(j)) != 0);
	}
}

/* ---- links: a list, and a text behind it --------------------------------- */

static size_t
encode_links(const struct msg_links *m, uint8_t *data, size_t size)
{
	struct ibuf	*b;
	size_t		 len;

	if ((b = ibuf_dynamic(0, size)) == NULL)
		err(1, NULL);
	put_links(b, m);
	len = ibuf_size(b);
	memcpy(data, ibuf_data(b), len);
	ibuf_free(b);
	return (len);
}

static int
decode_links(struct msg_links *m, uint8_t *data, size_t len)
{
	struct ibuf	 b;

	ibuf_from_buffer(&b, data, len);
	memset(m, 0, sizeof(*m));
	return (get_links(&b, m));
}

static void
test_links(void)
{
	static const uint16_t	 counts[] = { 1, 2, MSG_LINKS_MAX };
	static struct msg_links	 m, read;
	static uint8_t		 data[SAMPLE_MAX];
	const struct msg_rule	*rule = msgrules_find(MSG_DELIVER_LINKS);
	size_t			 i, j, len = 0, head, n;

	for (i = 0; i < nitems(counts); i++) {
		memset(&m, 0, sizeof(m));
		m.tell = i % 2;
		m.count = counts[i];
		for (j = 0; j < m.count; j++)
			m.conn[j] = 0x0102030405060708 * (j + 1);
		m.text.p = rest;
		m.text.len = REST_LEN;
		len = encode_links(&m, data, sizeof(data));
		head = 3 + 8 * (size_t)m.count;
		CHECK(len == head + REST_LEN);
		CHECK(decode_links(&read, data, len) == 0);
		CHECK(read.text.len == REST_LEN &&
		    memcmp(read.text.p, rest, REST_LEN) == 0);
		read.text.p = rest;
		CHECK(memcmp(&m, &read, sizeof(m)) == 0);
		for (n = 0; n < len; n++)
			CHECK(decode_links(&read, data, n) ==
			    (n < head ? -1 : 0));
	}
	CHECK(rule->min == 3 + 8);
	CHECK(rule->max == 3 + 8 * MSG_LINKS_MAX + MSG_TEXT_MAX);
	data[0] = 2;
	CHECK(decode_links(&read, data, len) == -1);
	data[0] = 0;
	data[1] = data[2] = 0;
	CHECK(decode_links(&read, data, len) == -1);
	data[1] = (MSG_LINKS_MAX + 1) >> 8;
	data[2] = (MSG_LINKS_MAX + 1) & 0xff;
	CHECK(decode_links(&read, data, sizeof(data)) == -1);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_truncated);
	RUN(test_too_long);
	RUN(test_out_of_range);
	RUN(test_strings);
	RUN(test_addresses);
	RUN(test_no_address);
	RUN(test_queues);
	RUN(test_links);
	RUN(test_lengths);
	RUN(test_span_lengths);
	RUN(test_all_known);
	RUN(test_stat_names);
	return (test_done());
}
