/*
 * What imsg.c and imsgbuf.c know of each other.
 */

#ifndef IMSGBUF_H
#define IMSGBUF_H

struct ibuf;
struct imsgbuf;

#define IMSG_ALLOW_FDPASS	0x01		/* flags of an imsgbuf */
#define IMSG_FD_MARK		0x80000000U	/* in the length of a header */

/* Queues a complete message, or the rest of one. */
void	 imsgbuf_push(struct imsgbuf *, struct ibuf *);

#endif
