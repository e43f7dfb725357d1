/*
 * The end of a stored file, whatever lies in the directory: a record that is
 * read is one that could have been written, and says of the file what is so.
 * The first two octets are how much longer the file is than what is given.
 */

/* link: olaf-files/record.o lib/filename.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filename.h"
#include "record.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t		 again[RECORD_MAX];
	struct record	 r;
	uint64_t	 length;
	size_t		 len;

	if (size < 2)
		return (0);
	length = size - 2 + ((uint64_t)data[0] << 8 | data[1]);
	if (record_read(&r, data + 2, size - 2, length) == -1)
		return (0);
	if (!filename_is_clean(r.name, strlen(r.name)) ||
	    !record_type_good(r.type))
		abort();
	len = record_write(&r, again);
	if (len > size - 2 || r.size != length - len ||
	    memcmp(data + size - len, again, len) != 0)
		abort();
	return (0);
}
