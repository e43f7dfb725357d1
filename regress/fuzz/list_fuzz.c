/*
 * Lists of users: all that is read lies within the text, and there are as many
 * servers as elements.
 */

/* link: olaf-net/read_list.o lib/message_clients.o lib/forms.o lib/scan.o */
/* link: lib/scan_names.o lib/utf8.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "key.h"
#include "message.h"
#include "read_list.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static volatile unsigned int	 sum;

static void
check_clients(struct scan_span rest, const char *text, size_t size)
{
	char	pem[KEY_PEM_MAX];
	size_t	len, i;
	int	r;

	if (rest.p < text || rest.p + rest.len > text + size)
		abort();
	while ((r = message_next_client(&rest, pem, sizeof(pem), &len)) != 0)
		for (i = 0; r == 1 && i < len; i++)
			sum += (unsigned char)pem[i];
}

static void
check_server(const struct list_server *server, const char *text, size_t size)
{
	size_t	len = strnlen(server->address, sizeof(server->address));

	if (len == 0 || len == sizeof(server->address))
		abort();
	check_clients(server->clients, text, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char		*text = (const char *)data;
	struct list_server	 server;
	struct scan_span	 rest, all, value;
	size_t			 n = 0, elements = 0;
	int			 r;

	if (list_open(&rest, text, size) != 1)
		return (0);
	all = rest;
	for (; (r = list_next(&rest, &server)) != 0; n++)
		if (r == 1)
			check_server(&server, text, size);
	while (form_next(&all, &value))
		elements++;
	if (n != elements)
		abort();
	return (0);
}
