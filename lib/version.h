/*
 * What "olafctl show" calls this.
 */

#ifndef VERSION_H
#define VERSION_H

#define OLAFD_VERSION	"0.1"

#endif
