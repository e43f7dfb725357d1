/*
 * The directory of files.  A stored file is named by its id in hexadecimal; one
 * that is about to be stored by something that begins with a dot, and removed
 * when the process starts.  What there is, is counted then.
 */

#ifndef STORE_H
#define STORE_H

#include "msg_files.h"
#include "record.h"

#define STORE_TEMP_MAX		32	/* a temporary file's name, with NUL */
#define STORE_FILES_MAX		1000000	/* 507 beyond */

extern struct msg_conf_files	store_conf;

/*
 * Once, in the directory: removes leftovers and begins to count, a few files
 * each turn of the loop; ready is called when that is through.
 */
void	 store_start(void (*ready)(void));
int	 store_is_ready(void);
/* store_conf has changed. */
void	 store_swap(void);

/* Is there room for so many octets more, beside so many that are under way? */
int	 store_room(uint64_t more, uint64_t under_way);
/* There was none: logged, once a minute at most. */
void	 store_full(void);
uint64_t store_count(void);
uint64_t store_bytes(void);
uint64_t store_expired(void);

/*
 * Makes a file without a name, for somebody else to write.  Returns a descriptor
 * to read it, and in *writer another that only writes; -1 with errno set.
 */
int	 store_nameless(int *writer);

/*
 * Makes a temporary file, which nobody else ever writes.  Returns a descriptor,
 * or -1 with errno set.
 */
int	 store_temp(char name[STORE_TEMP_MAX]);
/* Writes all of it.  Returns 0, or -1 with errno set. */
int	 store_write(int fd, const uint8_t *p, size_t len, off_t at);

/*
 * Puts the record behind the content, syncs the file, and gives it its name, a
 * new id.  It is there for good, and to be told of, after store_sync.  Returns 0,
 * or -1 with errno set, the temporary file still there.
 */
int	 store_keep(const char *temp, int fd, const struct record *,
	    uint8_t id[MSG_FILE_ID_LEN]);
/* Returns 0, or -1 with errno set. */
int	 store_sync(void);
/* The last file that was kept under this id is not wanted after all. */
void	 store_remove(const uint8_t id[MSG_FILE_ID_LEN]);

/* Something failed, and errno says why: logged, but not all too often. */
void	 store_warn(const char *what);

/*
 * Opens a stored file.  Returns a descriptor to read it, or -1 with errno set:
 * ENOENT if there is none, or no longer; EBADMSG if it is damaged.
 */
int	 store_open(const uint8_t id[MSG_FILE_ID_LEN], struct record *);

#endif
