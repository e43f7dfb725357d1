# A directory that makes one program.  Expects PROG, SRCS, LIBS and BINDIR,
# where it is installed.

all: ${PROG}

include ../mk/rules.mk

ARCHIVES = ../lib/libolaf.a ../compat/libcompat.a

${PROG}: ${OBJS} ${ARCHIVES}
	${CC} ${CFLAGS} ${LDFLAGS} -o $@ ${OBJS} ${ARCHIVES} ${LIBS} ${LIBS_COMPAT}

install: ${PROG}
	test -d ${DESTDIR}${BINDIR} || ${INSTALL} -d ${DESTDIR}${BINDIR}
	${INSTALL} -m 755 ${PROG} ${DESTDIR}${BINDIR}/${PROG}

uninstall:
	rm -f ${DESTDIR}${BINDIR}/${PROG}

clean:
	rm -f ${PROG} *.o *.d *.tab.c depend.mk
