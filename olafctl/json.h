/*
 * Writes JSON to stdout.  What it writes is ASCII: other characters become
 * escapes and broken UTF-8 becomes U+FFFD, so that it is safe to look at.
 */

#ifndef JSON_H
#define JSON_H

#include <stdint.h>

/*
 * name: of the member; ignored within an array and for the outermost object.
 * Objects and arrays nest at most JSON_DEPTH deep.
 */
#define JSON_DEPTH	8

void	 json_object(const char *name);
void	 json_array(const char *name);
void	 json_end(void);	/* of the object or array opened last */
int	 json_depth(void);	/* how many are open */

void	 json_string(const char *name, const char *text);
void	 json_number(const char *name, uint64_t value);
void	 json_bool(const char *name, int value);
void	 json_null(const char *name);

#endif
