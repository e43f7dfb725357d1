/*
 * What servers say of an upload, or of what went wrong: JSON, which need not be
 * any; no I/O.
 */

#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

#define TEXT_MAX	65536	/* octets of an answer that are read */

struct text_body {
	char	*octets;	/* TEXT_MAX of them, or NULL */
	size_t	 len;
	int	 cut;		/* there was more */
};

/* Adds a further piece.  Returns 0, or -1 if there is no memory. */
int	 text_add(struct text_body *, const char *octets, size_t len);
void	 text_free(struct text_body *);

/*
 * Writes what the answer says went wrong, its member "error", to dst; it is
 * UTF-8 without NULs, and cut to fit.  Returns 0, or -1 if it says nothing.
 */
int	 text_error(const struct text_body *, char *dst, size_t size);

/*
 * Writes the file's URL, "file_url" of the answer or of its member "body", as
 * it stands, to dst.  Returns 0, or -1 if there is none that fits.
 */
int	 text_file_url(const struct text_body *, char *dst, size_t size);

/* Copies UTF-8, cut to fit, up to the first NUL or octet that is none. */
void	 text_copy(char *dst, size_t size, const char *src, size_t len);

#endif
