/*
 * Foreign text made harmless for a terminal, and JSON strings.
 */

#ifndef CLEAN_H
#define CLEAN_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Reads the next character of UTF-8 off the front.  Returns its length in
 * octets, or 0 at the end; *c is the character, or -1 for an octet that is none
 * (then one octet is taken).
 */
size_t	 clean_next(const char *text, size_t len, int32_t *c);

/*
 * Must that character not reach a terminal?  C0 and C1 controls (newline and tab
 * too), DEL, bidirectional controls, other format characters (but the joiners
 * U+200C and U+200D and variation selectors, which scripts and emoji need),
 * line and paragraph separators, surrogates, noncharacters, private use, tags,
 * and what is set aside for further invisible ones.  -1 is bad.
 */
int	 clean_is_bad(int32_t c);

/*
 * Writes text for a line of a terminal to dst, which holds size octets: \n \r \t
 * and \\ as these two characters, any other bad character as \u{XXXX}, an octet
 * that is no UTF-8 as \xXX.  Never cuts a character; returns the length; the NUL
 * is added.
 */
size_t	 clean_line(const char *text, size_t len, char *dst, size_t size);
#define CLEAN_LINE_MAX(len)	((len) * 10 + 1)

/* So, the beginning of a text, for an error message; static memory. */
const char	*clean_word(const char *text);

/* The same onto a stream; newlines as they are if multiline. */
void	 clean_print(FILE *, const char *text, size_t len, int multiline);

/*
 * Writes a JSON string with its quotes onto a stream, for -j: good UTF-8 as it
 * is, bad characters as \uXXXX (newline and tab as \n and \t), an octet that is
 * no UTF-8 as U+FFFD.
 */
void	 clean_json(FILE *, const char *text, size_t len);

#endif
