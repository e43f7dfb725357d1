/*
 * Files to and from the server, by way of olaf-transfer; one at a time, others
 * wait their turn.  A transfer is valid until done returns, or it is cancelled.
 */

#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdint.h>

#include "config.h"

struct transfer;

struct transfer_ops {
	/* May be NULL.  total 0: unknown. */
	void	(*progress)(struct transfer *, uint64_t now, uint64_t total, void *arg);
	/*
	 * It is over.  why: NULL if all went well, else for people, clean; it
	 * says too if part of a download was kept, to go on from.
	 */
	void	(*done)(struct transfer *, const char *why, void *arg);
};

/*
 * Starts an upload to the server's API.  Returns NULL with *why (static) if the
 * file cannot be read.
 */
struct transfer	*transfer_upload(const char *path, const struct transfer_ops *,
		    void *arg, const char **why);

/*
 * Starts a download.  path: the file's name, or NULL: the name that the server
 * says, cleaned, in the current directory.  Never replaces a file unless replace
 * is set.  What is there of an earlier attempt is gone on from.  https is
 * verified as the server's connection is if the host is the server's, else by
 * the system's authorities; http only from loopback unless insecure.  NULL with
 * *why.
 */
struct transfer	*transfer_download(const char *url, const char *path, int replace,
		    const struct transfer_ops *, void *arg, const char **why);

/* Stops it; done is not called. */
void	 transfer_cancel(struct transfer *);

/* Of one that is done: octets, SHA-256, the URL or the path of the file. */
uint64_t	 transfer_size(const struct transfer *);
const uint8_t	*transfer_hash(const struct transfer *);
const char	*transfer_result(const struct transfer *);
/*
 * The file's name without directories, clean: of a download once it is known,
 * before "".
 */
const char	*transfer_name(const struct transfer *);

#endif
