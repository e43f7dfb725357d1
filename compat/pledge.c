/*
 * pledge(2) over Linux's filter of system calls.  pledge-table.c says what
 * each word allows; NOTES says where this differs from OpenBSD.
 *
 * What is not promised fails with EPERM; what no pledged program ever needs
 * kills.  A later call stacks another filter: the stricter answer counts.
 */

#include "compat.h"

#ifndef HAVE_PLEDGE

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <unistd.h>

#include "pledge-table.h"
#include "sandbox.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE		65
#endif
#define MDWE_REFUSE_EXEC_GAIN	1

static unsigned int	 pledge_held;	/* words, a bit each */
static int		 pledge_done;	/* there was a first call */

int
pledge_active(void)
{
	return (pledge_done && SANDBOX_OFF == NULL);
}

/* ---- words ------------------------------------------------------------- */

static int
word_find(const char *name, size_t len, unsigned int *words)
{
	size_t	 i;

	for (i = 0; i < pledge_nwords; i++) {
		if (strlen(pledge_words[i].name) == len &&
		    memcmp(pledge_words[i].name, name, len) == 0) {
			*words |= 1U << i;
			return (0);
		}
	}
	return (-1);
}

static int
words_parse(const char *promises, unsigned int *words)
{
	size_t	 len;

	*words = 0;
	for (;;) {
		promises += strspn(promises, " ");
		if ((len = strcspn(promises, " ")) == 0)
			return (0);
		if (word_find(promises, len, words) == -1) {
			errno = EINVAL;
			return (-1);
		}
		promises += len;
	}
}

static unsigned int
words_powers(unsigned int words)
{
	unsigned int	 powers = POWER_ANY;
	size_t		 i;

	for (i = 0; i < pledge_nwords; i++)
		if (words & (1U << i))
			powers |= pledge_words[i].powers;
	return (powers);
}

/* ---- the filter -------------------------------------------------------- */

/*
 * Adds a rule for one call, unless this architecture or libseccomp has no such.
 * Returns 0, or an error number.
 */
static int
filter_add(scmp_filter_ctx filter, uint32_t action, const char *call,
    unsigned int nargs, const struct scmp_arg_cmp *args)
{
	int	 n;

	if ((n = seccomp_syscall_resolve_name(call)) < 0)
		return (0);
	return (-seccomp_rule_add_array(filter, action, n, nargs, args));
}

static int
filter_add_list(scmp_filter_ctx filter, uint32_t action, const char *calls)
{
	char	 name[PLEDGE_NAME_MAX];
	int	 error;

	while (pledge_next_call(&calls, name))
		if ((error = filter_add(filter, action, name, 0, NULL)) != 0)
			return (error);
	return (0);
}

static int
filter_add_rule(scmp_filter_ctx filter, const struct pledge_rule *rule)
{
	struct scmp_arg_cmp	 args[PLEDGE_ARGS];
	uint64_t		 value;
	unsigned int		 i, n = 0;

	memset(args, 0, sizeof(args));
	for (i = 0; i < PLEDGE_ARGS; i++) {
		if (rule->args[i].mask == 0)
			continue;
		value = rule->args[i].value;
		if (value == PLEDGE_SELF)
			value = getpid();
		args[n].arg = rule->args[i].index;
		args[n].op = SCMP_CMP_MASKED_EQ;
		args[n].datum_a = rule->args[i].mask;
		args[n].datum_b = value;
		n++;
	}
	return (filter_add(filter, SCMP_ACT_ALLOW, rule->call, n, args));
}

static int
filter_fill(scmp_filter_ctx filter, unsigned int powers)
{
	const struct pledge_calls	*c;
	const struct pledge_rule	*rule;
	int				 error;

	for (c = pledge_allowed; c < pledge_allowed + pledge_nallowed; c++)
		if ((c->powers & powers) != 0 &&
		    (error = filter_add_list(filter, SCMP_ACT_ALLOW,
		    c->calls)) != 0)
			return (error);
	for (rule = pledge_rules; rule < pledge_rules + pledge_nrules; rule++)
		if ((rule->powers & ~powers) == 0 &&
		    (error = filter_add_rule(filter, rule)) != 0)
			return (error);
	for (c = pledge_deadly; c < pledge_deadly + pledge_ndeadly; c++)
		if ((c->powers & powers) == 0 &&
		    (error = filter_add_list(filter, SCMP_ACT_KILL_PROCESS,
		    c->calls)) != 0)
			return (error);
	return (filter_add_list(filter, SCMP_ACT_ERRNO(ENOSYS),
	    pledge_absent));
}

static int
filter_setup(scmp_filter_ctx filter)
{
	int	 error;

	if ((error = -seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS)) != 0)
		return (error);
	/* no_new_privs is set already */
	if ((error = -seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0)) != 0)
		return (error);
	/* the kernel's own error numbers */
	if ((error = -seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC,
	    1)) != 0)
		return (error);
	/* a binary tree over the numbers */
	return (-seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2));
}

static int
filter_enter(unsigned int powers)
{
	scmp_filter_ctx	 filter;
	int		 error;

	/* others pass arguments in other ways, or have other calls */
	if (seccomp_arch_native() != SCMP_ARCH_X86_64 &&
	    seccomp_arch_native() != SCMP_ARCH_AARCH64) {
		errno = ENOSYS;
		return (-1);
	}
	if ((filter = seccomp_init(SCMP_ACT_ERRNO(EPERM))) == NULL) {
		errno = ENOMEM;
		return (-1);
	}
	if ((error = filter_setup(filter)) == 0 &&
	    (error = filter_fill(filter, powers)) == 0)
		error = -seccomp_load(filter);
	seccomp_release(filter);
	if (error == 0)
		return (0);
	errno = error;
	return (-1);
}

/*
 * Answers calls that are newer than the table with ENOSYS, so that a newer
 * libc takes the older call.  Of two filters that give an error number, the
 * one that was entered last is heard.
 */
static int
filter_enter_newer(void)
{
	struct sock_filter	 code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PLEDGE_NEWER, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	};
	struct sock_fprog	 program;

	program.len = nitems(code);
	program.filter = code;
	return (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

/*
 * What else makes a process harder to take over.  A program that is to be
 * executed must be able to map its code.
 */
static int
process_harden(unsigned int powers)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return (-1);
	if (powers & POWER_EXEC)
		return (0);
	/* Linux 6.3; the filter refuses PROT_EXEC on older ones too */
	(void)prctl(PR_SET_MDWE, MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
	return (0);
}

/* ---- pledge(2) --------------------------------------------------------- */

int
pledge(const char *promises, const char *execpromises)
{
	unsigned int	 words;

	if (execpromises != NULL) {
		/* a filter stays over execve: there is no other set for it */
		errno = ENOSYS;
		return (-1);
	}
	if (promises == NULL)
		return (0);
	if (words_parse(promises, &words) == -1)
		return (-1);
	if (pledge_done && words & ~pledge_held) {
		errno = EPERM;
		return (-1);
	}
	if (pledge_done && words == pledge_held)
		return (0);
	if ((words_powers(words) & POWER_UNVEIL) == 0 && unveil_settle() == -1)
		return (-1);
	if (SANDBOX_OFF == NULL && (process_harden(words_powers(words)) == -1 ||
	    filter_enter(words_powers(words)) == -1 ||
	    filter_enter_newer() == -1))
		return (-1);
	pledge_held = words;
	pledge_done = 1;
	return (0);
}

#endif /* !HAVE_PLEDGE */
