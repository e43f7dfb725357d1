/*
 * EMSA-PSS and DigestInfo: form only, for the digest is the asker's affair.
 */

#include "compat.h"

#include <openssl/evp.h>

#include <string.h>

#include "pss.h"

#define BLOCK_MAX	512	/* RSA 4096 */

/*
 * XORs MGF1(seed) onto mask (RFC 8017 B.2.1).  Returns -1 if the library
 * fails.
 */
static int
mgf1_xor(uint8_t *mask, size_t len, const uint8_t *seed, size_t seedlen,
    const EVP_MD *md)
{
	uint8_t		digest[EVP_MAX_MD_SIZE], in[EVP_MAX_MD_SIZE + 4];
	unsigned int	n;
	uint32_t	counter;
	size_t		i, pos = 0;

	memcpy(in, seed, seedlen);
	for (counter = 0; pos < len; counter++) {
		in[seedlen] = (uint8_t)(counter >> 24);
		in[seedlen + 1] = (uint8_t)(counter >> 16);
		in[seedlen + 2] = (uint8_t)(counter >> 8);
		in[seedlen + 3] = (uint8_t)counter;
		if (EVP_Digest(in, seedlen + 4, digest, &n, md, NULL) != 1)
			return (-1);
		for (i = 0; i < n && pos < len; i++)
			mask[pos++] ^= digest[i];
	}
	return (0);
}

/* DB = zeros, 0x01, salt: salt as long as the hash. */
static int
pss_db(const uint8_t *db, size_t len, size_t hashlen)
{
	size_t	i;

	if (len < hashlen + 1)
		return (0);
	for (i = 0; i < len - hashlen - 1; i++)
		if (db[i] != 0)
			return (0);
	return (db[i] == 0x01);
}

static int
pss_block_md(const uint8_t *em, size_t len, unsigned int top, const EVP_MD *md)
{
	uint8_t	db[BLOCK_MAX];
	size_t	hashlen = (size_t)EVP_MD_size(md), dblen;

	if (len < 2 * hashlen + 2)
		return (0);
	dblen = len - hashlen - 1;
	memcpy(db, em, dblen);
	if (mgf1_xor(db, dblen, em + dblen, hashlen, md) == -1)
		return (0);
	db[0] &= (uint8_t)(0xff >> top);
	return (pss_db(db, dblen, hashlen));
}

int
pss_block(const uint8_t *em, size_t len, unsigned int bits)
{
	const EVP_MD	*mds[] = { EVP_sha256(), EVP_sha384(), EVP_sha512() };
	unsigned int	 top;
	size_t		 i;

	if (len != (bits + 7) / 8 || len > BLOCK_MAX || len < 2)
		return (0);
	/* the encoded message has bits - 1 bits: one octet less if that fits */
	if ((bits - 1) % 8 == 0) {
		if (*em != 0)
			return (0);
		em++;
		len--;
	}
	top = (unsigned int)(8 * len) - (bits - 1);
	if (em[len - 1] != 0xbc || (em[0] >> (8 - top)) != 0)
		return (0);
	for (i = 0; i < nitems(mds); i++)
		if (pss_block_md(em, len, top, mds[i]))
			return (1);
	return (0);
}

int
pss_digest_info(const uint8_t *der, size_t len)
{
	/*
	 * SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.n, NULL }, OCTET
	 * STRING }
	 */
	static const uint8_t	oid[] = { 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
				    0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };
	static const struct {
		uint8_t	n;
		uint8_t	hashlen;
	} hashes[] = { { 1, 32 }, { 2, 48 }, { 3, 64 } };
	size_t			i, h;

	for (i = 0; i < nitems(hashes); i++) {
		h = hashes[i].hashlen;
		if (len == 19 + h && der[0] == 0x30 && der[1] == 17 + h &&
		    memcmp(der + 2, oid, sizeof(oid)) == 0 &&
		    der[14] == hashes[i].n && der[15] == 0x05 &&
		    der[16] == 0x00 && der[17] == 0x04 && der[18] == h)
			return (1);
	}
	return (0);
}
