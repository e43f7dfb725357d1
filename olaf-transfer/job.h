/*
 * The transfer in hand: what GET and PUT have in common.
 */

#ifndef JOB_H
#define JOB_H

#include <sys/stat.h>

#include <openssl/evp.h>

#include <curl/curl.h>
#include <event.h>
#include <stdint.h>

#include "msg_client.h"
#include "text.h"

struct job {
	int			 busy;
	uint32_t		 id;
	int			 file;		/* -1: none, as socket */
	int			 socket;	/* as long as libcurl has not got it */
	CURL			*easy;
	curl_mime		*form;
	struct curl_slist	*to;
	struct curl_slist	*fields;
	void			(*done)(CURLcode);
	char			 error[CURL_ERROR_SIZE];
	/* What a callback of ours ended it for; "": it did not. */
	char			 why[MSG_WHY_MAX];
	int			 resumable;
	struct text_body	 text;		/* of an answer that is no file */
	char			 url[MSG_URL_MAX];
	char			 name[MSG_FILENAME_MAX];
	char			 etag[MSG_ETAG_MAX];
	uint64_t		 offset;	/* GET: where it begins */
	uint64_t		 now;		/* octets of the file, read or written */
	uint64_t		 total;		/* 0: unknown */
	uint64_t		 told;		/* now, as olaf knows it */
	struct stat		 st;		/* PUT: as it began */
	EVP_MD_CTX		*hash;
	uint64_t		 hashed;
	struct event		 turn;		/* of reading the file again */
	struct event		 tick;		/* of progress */
};
extern struct job	 job;

void	 job_init(void);

/* Takes the file, then the connection.  Returns -1 if it is not the time for it. */
int	 job_file(uint32_t id, int fd);
int	 job_socket(uint32_t id, int fd);

/*
 * Makes the easy handle with all that both kinds set.  Returns 0, or -1 if
 * libcurl cannot do that: then olaf was told.
 */
int	 job_prepare(const char *url, const uint8_t *pin, void (*done)(CURLcode));
void	 job_start(void);

/* Adds a field to the request.  Returns 0, or -1. */
int	 job_field(const char *line);

/* HTTP's status, 0 if there is none yet. */
long	 job_status(void);

/*
 * For callbacks of libcurl's: says why they end the transfer.  A second reason
 * is not kept.
 */
void	 job_stop(int resumable, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));

/* Ends: tells olaf, and forgets all.  Not from a callback of libcurl's. */
void	 job_fail(int status, int resumable, const char *fmt, ...)
	    __attribute__((__format__(printf, 3, 4)));
void	 job_fail_curl(CURLcode);
/* The server said no: with what it says itself. */
void	 job_fail_status(void);
void	 job_succeed(const char *url);
void	 job_free(void);

/* Tells olaf how far it is. */
void	 job_tell(void);

#endif
