/*
 * Messages of olaf-files, with olaf-front and olaf-relay.  A transfer is named
 * by a number that its front gave out and never gives again.
 */

#ifndef MSG_FILES_H
#define MSG_FILES_H

#include "msg.h"
#include "msg_conf.h"

#define MSG_FILE_ID_LEN		16	/* octets, all of them random */
#define MSG_FILE_ID_HEX		(2 * MSG_FILE_ID_LEN)
#define MSG_FILE_NAME_MAX	256	/* with NUL */
#define MSG_FILE_TYPE_MAX	128	/* with NUL */

/* MSG_CONF_FILES */
struct msg_conf_files {
	uint64_t	 max_size;	/* octets, as the next */
	uint64_t	 quota;
	uint64_t	 retain;	/* seconds, 0 for ever */
};
void	 msg_conf_files_put(struct ibuf *, const struct msg_conf_files *);
int	 msg_conf_files_get(struct ibuf *, struct msg_conf_files *);

/*
 * MSG_UPLOAD: room for a file is wanted, for so many octets as far as is known
 * (0: unknown).  The answer is MSG_UPLOAD_READY, the number alone with a
 * descriptor to write to, or MSG_FILE_FAILED.  MSG_UPLOAD_MORE (a further part
 * is written) and MSG_UPLOAD_ABORT are the number alone too.
 */
struct msg_upload {
	uint64_t	 number;
	uint64_t	 hint;
};
void	 msg_upload_put(struct ibuf *, const struct msg_upload *);
int	 msg_upload_get(struct ibuf *, struct msg_upload *);

/* MSG_UPLOAD_COMMIT: that many octets are written, keep them under this name. */
struct msg_upload_commit {
	uint64_t	 number;
	uint64_t	 size;
	char		 name[MSG_FILE_NAME_MAX];
	char		 type[MSG_FILE_TYPE_MAX];	/* as the client said, or "" */
};
void	 msg_upload_commit_put(struct ibuf *, const struct msg_upload_commit *);
int	 msg_upload_commit_get(struct ibuf *, struct msg_upload_commit *);

/*
 * MSG_UPLOAD_STORED: it is on the disk, under this id.  MSG_DOWNLOAD: that file
 * is wanted.
 */
struct msg_file_id {
	uint64_t	 number;
	uint8_t		 id[MSG_FILE_ID_LEN];
};
void	 msg_file_id_put(struct ibuf *, const struct msg_file_id *);
int	 msg_file_id_get(struct ibuf *, struct msg_file_id *);

/* MSG_FILE_FAILED: the transfer is over, for a reason as HTTP has it. */
struct msg_file_failed {
	uint64_t	 number;
	uint16_t	 status;
};
void	 msg_file_failed_put(struct ibuf *, const struct msg_file_failed *);
int	 msg_file_failed_get(struct ibuf *, struct msg_file_failed *);

/* MSG_DOWNLOAD_READY: with a descriptor to read from. */
struct msg_download_ready {
	uint64_t	 number;
	uint64_t	 size;			/* octets */
	uint64_t	 time;			/* when it was stored: seconds */
	uint8_t		 hash[MSG_HASH_LEN];	/* SHA-256 */
	char		 name[MSG_FILE_NAME_MAX];
};
void	 msg_download_ready_put(struct ibuf *, const struct msg_download_ready *);
int	 msg_download_ready_get(struct ibuf *, struct msg_download_ready *);

/*
 * MSG_FILES_STATE: the answer to MSG_ASK_FILES, which is an id alone; and
 * MSG_CTL_STORE, the same for olafctl.
 */
struct msg_files_state {
	uint32_t	 id;		/* 0: unasked, for the counters */
	uint64_t	 stored;	/* files */
	uint64_t	 bytes;		/* octets in them */
	uint64_t	 quota;
	uint64_t	 uploads;	/* under way */
	uint64_t	 upload_bytes;	/* octets in those */
	uint64_t	 expired;	/* since the start, as the next */
	uint64_t	 failed;	/* uploads that came to nothing here */
};
void	 msg_files_state_put(struct ibuf *, const struct msg_files_state *);
int	 msg_files_state_get(struct ibuf *, struct msg_files_state *);

/* MSG_FILE_EVENT: for olafctl monitor. */
enum msg_file_event_type {
	MSG_FILE_STORED,
	MSG_FILE_EXPIRED,
	MSG_FILE_EVENT_MAX
};
struct msg_file_event {
	enum msg_file_event_type	 type;
	uint8_t				 id[MSG_FILE_ID_LEN];
	uint64_t			 size;
	char				 name[MSG_FILE_NAME_MAX];
};
void	 msg_file_event_put(struct ibuf *, const struct msg_file_event *);
int	 msg_file_event_get(struct ibuf *, struct msg_file_event *);

#endif
