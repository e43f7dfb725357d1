/*
 * Completion: who is a candidate, and what they have in common.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>

#include "complete.h"
#include "test.h"

/* link: olaf/complete.o */

static struct complete	 c;

static void
gather(const char *begun, const char *const *words)
{
	complete_init(&c, begun, strlen(begun));
	for (; *words != NULL; words++)
		complete_add(&c, *words);
}

static void
test_candidates(void)
{
	static const char *const	words[] = { "alice", "Alan", "bob",
					    "alice", "al", "a", NULL };

	gather("al", words);
	CHECK(c.n == 3);
	CHECK(complete_common(&c) == 2);
	complete_free(&c);
	gather("ali", words);
	CHECK(c.n == 1 && complete_common(&c) == 5);
	complete_free(&c);
	gather("x", words);
	CHECK(c.n == 0 && complete_common(&c) == 0);
	complete_free(&c);
}

static void
test_no_half_character(void)
{
	static const char *const	words[] = { "m\xc3\xa4rz", "m\xc3\xb6rz",
					    NULL };

	gather("m", words);
	CHECK(c.n == 2 && complete_common(&c) == 1);
	complete_free(&c);
}

static void
test_list(void)
{
	static const char *const	words[] = { "carol", "Bob", "alice",
					    NULL };
	char				text[64];

	gather("", words);
	complete_list(&c, text, sizeof(text));
	CHECK(strcmp(text, "alice Bob carol ") == 0);
	complete_list(&c, text, 15);
	CHECK(strcmp(text, "alice Bob ...") == 0);
	complete_free(&c);
}

static void
test_many(void)
{
	char	 word[16];
	int	 i;

	complete_init(&c, "", 0);
	for (i = 0; i < COMPLETE_MAX + 100; i++) {
		snprintf(word, sizeof(word), "user%d", i);
		complete_add(&c, word);
	}
	CHECK(c.n == COMPLETE_MAX && complete_common(&c) == 4);
	complete_free(&c);
}

int
main(void)
{
	RUN(test_candidates);
	RUN(test_no_half_character);
	RUN(test_list);
	RUN(test_many);
	return (test_done());
}
