# What every directory's Makefile needs: configure's answers, flags, suffix
# rules and header dependencies.  Read by GNU make and by BSD make, hence no
# conditionals, no pattern rules and no functions.
#
# Expects SRCS; gives OBJS.

include ../config.mk

.SUFFIXES:
.SUFFIXES: .o .y .c

CPPFLAGS = -I../compat -I../lib ${CPPFLAGS_LOCAL} ${CPPFLAGS_SYSTEM}

OBJS_Y = ${SRCS:.y=.o}
OBJS = ${OBJS_Y:.c=.o}

.c.o:
	${CC} ${CPPFLAGS} ${CFLAGS} -MMD -MP -c -o $@ $<

# In one rule, so that the generated file is nobody else's source.
.y.o:
	${YACC} -o $*.tab.c $< && \
	${CC} ${CPPFLAGS} ${CFLAGS} -MMD -MP -c -o $@ $*.tab.c

# Flags may have changed with it.
${OBJS}: ../config.mk

# OpenBSD's make includes one file a line: join what the compiler left.
DEPEND != cat *.d */*.d /dev/null >depend.mk 2>/dev/null; echo depend.mk
-include ${DEPEND}

.PHONY: all install uninstall clean
