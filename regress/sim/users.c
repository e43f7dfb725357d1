/*
 * Keys that nobody could sign with: any odd number of 2048 bits will do for
 * whoever only reads them.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "log.h"
#include "sim.h"

#define DER_LEN		294
#define MODULUS		33	/* where it stands */

static struct key	 keys[USERS];
static char		*pems[USERS][SPELLINGS];

static const uint8_t	 head[MODULUS] = {
	0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
	0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00,
	0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00
};
static const uint8_t	 tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };

static void
user_make(int user)
{
	uint8_t	der[DER_LEN];
	char	text[KEY_TEXT_MAX];
	size_t	i;

	memcpy(der, head, sizeof(head));
	for (i = 0; i < 256; i++)
		der[MODULUS + i] = (uint8_t)(user * 7 + i * 13 + 1);
	der[MODULUS] = 0x80 | (uint8_t)user;
	der[MODULUS + 255] |= 1;
	memcpy(der + MODULUS + 256, tail, sizeof(tail));
	if (key_read_der(&keys[user], der, sizeof(der)) == -1)
		fatalx("a key that is none");
	key_text(&keys[user], text);
	if ((pems[user][0] = strdup(text)) == NULL ||
	    asprintf(&pems[user][1], "%s\n", text) == -1 ||
	    asprintf(&pems[user][2], "%.27s\r%s", text, text + 27) == -1)
		fatal("users");
	pems[user][2][26] = '\r';
	pems[user][2][27] = '\n';
}

void
users_make(void)
{
	struct key	k;
	int		i, j;

	for (i = 0; i < USERS; i++) {
		user_make(i);
		for (j = 0; j < SPELLINGS; j++)
			if (key_read(&k, pems[i][j], strlen(pems[i][j])) == -1)
				fatalx("a spelling that is none");
	}
}

const struct key *
user_key(int user)
{
	return (&keys[user]);
}

const char *
user_pem(int user, int spelling, size_t *len)
{
	*len = strlen(pems[user][spelling]);
	return (pems[user][spelling]);
}

int
user_number(const struct user *u)
{
	int	i;

	for (i = 0; i < USERS; i++)
		if (memcmp(keys[i].id, u->id, sizeof(u->id)) == 0)
			return (i);
	sim_fail("a user that nobody is");
}
