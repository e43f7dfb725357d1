/*
 * Says in words which sandbox this process is in.
 */

#include "compat.h"

#include <stdio.h>

#include "sandbox.h"

#ifdef HAVE_PLEDGE

const char *
sandbox_name(void)
{
	return ("pledge");
}

#else

const char *
sandbox_name(void)
{
	static char	 name[64];
	int		 abi = unveil_active();

	if (SANDBOX_OFF != NULL)
		return (SANDBOX_OFF);
	if (abi == 0)
		return (pledge_active() ? "seccomp" : "none");
	snprintf(name, sizeof(name), "%slandlock ABI %d",
	    pledge_active() ? "seccomp, " : "", abi);
	return (name);
}

#endif
