# A directory that makes one archive.  Expects LIB and SRCS.

all: ${LIB}

include ../mk/rules.mk

${LIB}: ${OBJS}
	rm -f $@ && ${AR} rc $@ ${OBJS} && ${RANLIB} $@

clean:
	rm -f ${LIB} *.o *.d *.tab.c depend.mk
