/*
 * Builds JSON with json-c, value by value, and prints it once the outermost
 * object ends.
 */

#ifndef JSON_OUT_H
#define JSON_OUT_H

#include <stdint.h>

/*
 * name: of the member; ignored within an array and for the outermost object.
 * Objects and arrays nest at most JSON_DEPTH deep.  All exit when out of
 * memory.
 */
#define JSON_DEPTH	8

void	 out_begin_object(const char *name);
void	 out_begin_array(const char *name);
void	 out_end(void);	/* of the object or array opened last */
int	 out_depth(void);	/* how many are open */

/* Foreign text: what is not printable ASCII is written as vis(3) does. */
void	 out_string(const char *name, const char *text);
void	 out_number(const char *name, uint64_t value);
/* As seconds: 1500 is written 1.500. */
void	 out_milliseconds(const char *name, uint64_t value);
void	 out_bool(const char *name, int value);
void	 out_null(const char *name);

#endif
