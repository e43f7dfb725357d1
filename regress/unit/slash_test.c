/*
 * Commands of the chat screen: what a line means, and where the cursor is in it;
 * and the files that messages offer.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "offer.h"
#include "slash.h"
#include "test.h"

/* link: olaf/slash.o olaf/offer.o */

static struct slash_line	 l;
static char			 why[SLASH_WHY_MAX];

static int
reads(const char *line, enum slash_command command)
{
	return (slash_read(line, &l, why) == 0 && l.slash->command == command);
}

static void
test_table(void)
{
	const struct slash	*s;
	int			 ambiguous;

	for (s = slash_commands; s->name != NULL; s++) {
		CHECK(slash_find(s->name, strlen(s->name), &ambiguous) == s);
		CHECK(s == slash_commands || strcmp(s[-1].name, s->name) < 0);
	}
}

static void
test_text(void)
{
	CHECK(strcmp(slash_text("hello"), "hello") == 0);
	CHECK(strcmp(slash_text("//etc"), "/etc") == 0);
	CHECK(slash_text("/quit") == NULL);
	CHECK(slash_text("/") == NULL);
}

static void
test_words(void)
{
	CHECK(reads("/msg alice  hello  there", SLASH_MSG));
	CHECK(l.nwords == 1 && strcmp(l.word[0], "alice") == 0);
	CHECK(strcmp(l.text, "hello  there") == 0);
	CHECK(reads("/msg alice", SLASH_MSG) && *l.text == '\0');
	CHECK(reads("/msg alice two\nlines", SLASH_MSG));
	CHECK(strcmp(l.text, "two\nlines") == 0);
	CHECK(reads("/name ~abcdefgh bob", SLASH_NAME));
	CHECK(l.nwords == 2 && strcmp(l.word[1], "bob") == 0);
	CHECK(reads("/send my file.txt", SLASH_SEND));
	CHECK(l.nwords == 0 && strcmp(l.text, "my file.txt") == 0);
	CHECK(reads("/save", SLASH_SAVE) && l.nwords == 0);
	CHECK(reads("/save 2 as this", SLASH_SAVE));
	CHECK(strcmp(l.text, "as this") == 0);
	CHECK(reads("/quit  ", SLASH_QUIT));
}

static void
test_abbreviated(void)
{
	CHECK(reads("/q", SLASH_QUIT));
	CHECK(reads("/Q", SLASH_QUIT));
	CHECK(reads("/he", SLASH_HELP));
	CHECK(slash_read("/s x", &l, why) == -1);
	CHECK(strstr(why, "several") != NULL);
}

static void
test_wrong(void)
{
	static char	 line[SLASH_WORD_MAX + 16];

	CHECK(slash_read("/", &l, why) == -1);
	CHECK(slash_read("/nonsense", &l, why) == -1);
	CHECK(strstr(why, "nonsense") != NULL);
	CHECK(slash_read("/msg", &l, why) == -1);
	CHECK(slash_read("/name alice", &l, why) == -1);
	CHECK(slash_read("/name alice bob carol", &l, why) == -1);
	CHECK(slash_read("/send", &l, why) == -1);
	CHECK(slash_read("/quit now", &l, why) == -1);
	CHECK(strstr(why, "/quit") != NULL);
	memset(line, 'a', sizeof(line) - 1);
	memcpy(line, "/msg ", 5);
	CHECK(slash_read(line, &l, why) == -1);
	line[0] = '/';
	memset(line + 1, 'b', 10);
	CHECK(slash_read(line, &l, why) == -1);
}

/* The bar is the cursor; what is being typed there, and from where on. */
static const struct {
	const char		*line;
	enum slash_argument	 what;
	const char		*begun;
} cursors[] = {
	{ "/ms|", SLASH_ARG_COMMAND, "/ms" },
	{ "/msg al|", SLASH_ARG_WHO, "al" },
	{ "/msg |", SLASH_ARG_WHO, "" },
	{ "/msg alice hi al|", SLASH_ARG_WHO, "al" },
	{ "/group alice,bo|", SLASH_ARG_WHOS, "bo" },
	{ "/group al|", SLASH_ARG_WHOS, "al" },
	{ "/name al|", SLASH_ARG_WHO, "al" },
	{ "/name alice bo|", SLASH_ARG_NONE, "bo" },
	{ "/help se|", SLASH_ARG_COMMAND, "se" },
	{ "/send my fi|le", SLASH_ARG_FILE, "my fi" },
	{ "/save 2 my fi|", SLASH_ARG_FILE, "my fi" },
	{ "/save my|", SLASH_ARG_FILE, "my" },
	{ "/send |", SLASH_ARG_FILE, "" },
	{ "/clear x|", SLASH_ARG_NONE, "x" },
	{ "/nonsense x|", SLASH_ARG_NONE, "x" },
	{ "hello al|", SLASH_ARG_WHO, "al" },
	{ "al|", SLASH_ARG_WHO, "al" },
	{ "//al|", SLASH_ARG_WHO, "//al" },
	{ "|", SLASH_ARG_WHO, "" },
};

static void
test_argument(void)
{
	size_t	 i, cursor, begin;
	char	 line[64];
	int	 good;

	for (i = 0; i < nitems(cursors); i++) {
		cursor = strcspn(cursors[i].line, "|");
		strlcpy(line, cursors[i].line, sizeof(line));
		memmove(line + cursor, line + cursor + 1,
		    strlen(line + cursor));
		good = slash_argument(line, cursor, &begin) == cursors[i].what &&
		    cursor - begin == strlen(cursors[i].begun) &&
		    memcmp(line + begin, cursors[i].begun, cursor - begin) == 0;
		CHECK(good);
		if (!good)
			fprintf(stderr, "%s\n", cursors[i].line);
	}
}

/* ---- offers --------------------------------------------------------------- */

#define URL	"http://127.0.0.1:8080/files/abc"

static struct offer	 o;

static int
finds(const char *text, const char *url)
{
	return (offer_find(&o, text, strlen(text)) == 0 &&
	    strcmp(o.url, url) == 0);
}

static void
test_offer_form(void)
{
	static const char *const	names[] = { "a", "a (1).txt", "): http" };
	uint8_t				hash[KEY_DIGEST_LEN];
	char				text[OFFER_TEXT_MAX];
	size_t				i;

	memset(hash, 0xa5, sizeof(hash));
	for (i = 0; i < nitems(names); i++) {
		offer_write(text, names[i], 1234, hash, URL);
		CHECK(finds(text, URL));
		CHECK(strcmp(o.name, names[i]) == 0);
		CHECK(strcmp(o.host, "127.0.0.1:8080") == 0);
		CHECK(o.has_size && o.size == 1234);
		CHECK(o.has_hash && memcmp(o.hash, hash, sizeof(hash)) == 0);
		text[strlen(text) - strlen(URL) - 4] = 'X';	/* of the hash */
		CHECK(finds(text, URL) && !o.has_hash);
	}
}

static void
test_offer_name_is_cleaned(void)
{
	uint8_t	 hash[KEY_DIGEST_LEN] = { 0 };
	char	 text[OFFER_TEXT_MAX];

	offer_write(text, "../../etc/passwd", 1, hash, URL);
	CHECK(finds(text, URL));
	CHECK(strchr(o.name, '/') == NULL && o.name[0] != '\0');
}

static void
test_offer_url(void)
{
	CHECK(finds("look: " URL ", nice", URL));
	CHECK(finds("(" URL ")", URL));
	CHECK(finds("HTTPS://h/files/1", "HTTPS://h/files/1"));
	CHECK(finds("http://other/ and " URL, URL));
	CHECK(!o.has_hash && !o.has_size && o.name[0] == '\0');
	CHECK(offer_find(&o, "http://h/other", 14) == -1);
	CHECK(offer_find(&o, "http:///files/1", 15) == -1);
	CHECK(offer_find(&o, "ftp://h/files/1", 15) == -1);
	CHECK(offer_find(&o, "", 0) == -1);
	CHECK(offer_url(&o, URL, strlen(URL)) == 0);
	CHECK(offer_url(&o, "http://h/\x1b[2J", 13) == -1);
	CHECK(offer_url(&o, URL " ", strlen(URL) + 1) == -1);
	CHECK(offer_url(&o, "nothing", 7) == -1);
}

static void
test_offer_long_url(void)
{
	static char	 text[2 * MSG_URL_MAX];

	memset(text, 'a', sizeof(text) - 1);
	memcpy(text, URL, strlen(URL));
	CHECK(offer_find(&o, text, strlen(text)) == -1);
	text[MSG_URL_MAX - 1] = '\0';
	CHECK(finds(text, text));
}

/* It would take minutes if each beginning were followed to the end. */
static void
test_offer_many_urls(void)
{
	static const char	 one[] = "http://";
	static char		 text[1 << 20];
	size_t			 i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = one[i % (sizeof(one) - 1)];
	CHECK(offer_find(&o, text, sizeof(text) - 1) == -1);
	CHECK(finds("http://,http://x " URL, URL));
}

int
main(void)
{
	RUN(test_table);
	RUN(test_text);
	RUN(test_words);
	RUN(test_abbreviated);
	RUN(test_wrong);
	RUN(test_argument);
	RUN(test_offer_form);
	RUN(test_offer_name_is_cleaned);
	RUN(test_offer_url);
	RUN(test_offer_long_url);
	RUN(test_offer_many_urls);
	return (test_done());
}
