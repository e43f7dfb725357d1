/*
 * The monotonic clock, for intervals.
 */

#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Milliseconds and microseconds since some time before the start. */
int64_t	 clock_ms(void);
int64_t	 clock_us(void);

#endif
