/*
 * Parameters behind a field's value: type; name=value; name="value" (RFC 9110
 * 5.6.6, RFC 2045 5.1).
 */

#ifndef PARAM_H
#define PARAM_H

#include "span.h"

struct param {
	struct http_span	 name;
	struct http_span	 value;		/* as sent, without the quotes */
	int			 quoted;
};

/* Takes the value up to its parameters, without white space around it. */
struct http_span	 param_value(struct http_span *field);

/*
 * Takes the next parameter off what is left of a field.  Returns 1; 0 if there
 * is none; -1 if the field is malformed.  A quoted value is read up to the
 * first quote without a backslash; any other goes to the next semicolon,
 * whatever is in it.  Missing parameters between semicolons are forgiven.
 */
int	 param_next(struct http_span *field, struct param *p);

#endif
