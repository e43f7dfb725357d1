/*
 * What the commands say of a file that went or came.
 */

#include "compat.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "octet.h"
#include "report.h"

void
report_hash(const struct transfer *t, char text[REPORT_HASH_LEN])
{
	octet_write_hex(text, transfer_hash(t), MSG_HASH_LEN);
}

static int
written(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return (0);
	warn("stdout");
	return (-1);
}

static void
report_text(const struct transfer *t)
{
	char	 hash[REPORT_HASH_LEN];

	report_hash(t, hash);
	fprintf(stderr, "%s: %" PRIu64 " bytes, sha256 %s\n", transfer_name(t),
	    transfer_size(t), hash);
	printf("%s\n", transfer_result(t));
}

static void
report_member(const char *name, const char *value, const char *end)
{
	printf("\"%s\":", name);
	clean_json(stdout, value, strlen(value));
	fputs(end, stdout);
}

static void
report_numbers(const struct transfer *t)
{
	char	 hash[REPORT_HASH_LEN];

	report_hash(t, hash);
	printf("\"size\":%" PRIu64 ",\"sha256\":\"%s\"", transfer_size(t),
	    hash);
}

int
report_upload(const struct transfer *t)
{
	if (!config.json) {
		report_text(t);
		return (written());
	}
	putchar('{');
	report_member("name", transfer_name(t), ",");
	report_numbers(t);
	putchar(',');
	report_member("url", transfer_result(t), "}\n");
	return (written());
}

int
report_download(const struct transfer *t)
{
	if (!config.json) {
		report_text(t);
		return (written());
	}
	putchar('{');
	report_member("file", transfer_result(t), ",");
	report_numbers(t);
	fputs("}\n", stdout);
	return (written());
}
