/*
 * The grammar of olafd.conf(5).  What a single setting may be is in setting.c,
 * what the other lines do in config.c; here are keywords and the order of
 * words.
 */

%{
#include "compat.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "lex.h"
#include "log.h"
#include "setting.h"
#include "textfile.h"

int	yyparse(void);
static int	yylex(void);
static void	yyerror(const char *);

static struct config		*conf;
static struct config_neighbour	*neighbour;	/* whose block this is */
static struct lex		*lexer;

/* Where the parser is, for its error messages. */
static struct lex_token		 token;		/* the last one read */
static const char		*before;	/* the text before that */
static int			 begins;	/* it begins a line or block */
static int			 keyword;	/* that began the line */
static int			 block;		/* its keyword, or 0 */
static int			 block_line;
static int			 defining;	/* a macro's value follows */

static char			 macro_value[LEX_WORD_MAX];
static int			 value_full;	/* and cut */

static void	define(const char *);
static void	fail(const char *, ...)
		    __attribute__((__format__(printf, 1, 2)));
static void	include(const char *);
static void	set(enum setting, const char *);
static void	skip_block(void);
static void	value_add(const char *);
static void	value_begin(const char *);
static struct config_where
		where(void);
%}

%union {
	const char	*text;
	int		 flag;
}

%token	ACCEPT ADDRESS BURST CA CERTIFICATE CLIENT CLIENTS CONNECT CONTROL
%token	COUNTERS CROSS DIRECTORY ECHO ERROR FILES FROM HELLO HELLOS IDLE
%token	INCLUDE INTERVAL KEY LIMITS LINK LIST LISTEN MAX MESSAGE MESSAGES
%token	MINUTE NEIGHBOUR NO ON ORIGIN PER PING PORT PREFIX PREFORK PUSH QUEUE
%token	QUOTA REPLAY REPLIES RETAIN SECOND SEND SERVER SIZE SOCKET STALL STATE
%token	STRIKES TIMEOUT TLS UNSIGNED UPDATE URL USER USERS VERIFIERS
%token	WEB
%token	INVALID
%token	<text> MACRO STRING

%type	<text> port choice
%type	<flag> tls

/* In a block on one line "tls" after connect belongs to connect. */
%nonassoc	ALONE
%nonassoc	TLS

%%

configuration
	: /* empty */
	| configuration '\n'
	| configuration macro '\n'
	| configuration setting '\n'
	| configuration neighbour '\n'
	| configuration files '\n'
	| configuration limits '\n'
	| configuration INCLUDE STRING '\n'	{ include($3); }
	| configuration error '\n'		{ yyerrok; }
	| configuration error '{'		{ skip_block(); yyerrok; }
	;

macro	: MACRO value				{ define($1); }
	;

value	: STRING		{ value_begin($1); }
	| value STRING		{ value_add(" "); value_add($2); }
	;

setting	: ADDRESS STRING		{ set(SETTING_ADDRESS, $2); }
	| LISTEN ON STRING port tls	{
		config_listen(conf, $3, $4, $5, where());
	}
	| TLS CERTIFICATE STRING KEY STRING {
		config_keypair(conf, $3, $5, where());
	}
	| SERVER KEY STRING		{ set(SETTING_SERVER_KEY, $3); }
	| CONTROL SOCKET STRING		{ set(SETTING_CONTROL_SOCKET, $3); }
	| STATE DIRECTORY STRING	{ set(SETTING_STATE_DIRECTORY, $3); }
	| USER PREFIX STRING		{ set(SETTING_USER_PREFIX, $3); }
	| WEB DIRECTORY STRING		{ set(SETTING_WEB_DIRECTORY, $3); }
	| NO WEB			{ set(SETTING_WEB_DIRECTORY, NULL); }
	| REPLAY choice			{ set(SETTING_REPLAY, $2); }
	| ECHO choice			{ set(SETTING_ECHO, $2); }
	| PUSH CLIENT LIST choice	{ set(SETTING_PUSH_CLIENT_LIST, $4); }
	| ERROR REPLIES choice		{ set(SETTING_ERROR_REPLIES, $3); }
	| UPDATE INTERVAL STRING	{ set(SETTING_UPDATE_INTERVAL, $3); }
	| CROSS ORIGIN STRING		{ set(SETTING_CROSS_ORIGIN, $3); }
	| PREFORK STRING		{ set(SETTING_PREFORK, $2); }
	| VERIFIERS STRING		{ set(SETTING_VERIFIERS, $2); }
	;

port	: /* empty */	%prec ALONE	{ $$ = NULL; }
	| PORT STRING			{ $$ = $2; }
	;

tls	: /* empty */	%prec ALONE	{ $$ = 0; }
	| TLS				{ $$ = 1; }
	;

choice	: STRING
	| NO				{ $$ = "no"; }	/* as in "no web" */
	;

close	: '}'
	| error '}'			{ yyerrok; }
	;

neighbour
	: NEIGHBOUR STRING '{'		{
		neighbour = config_neighbour(conf, $2, where());
	} neighbour_lines close
	;

neighbour_lines
	: /* empty */
	| neighbour_lines '\n'
	| neighbour_lines neighbour_line
	| neighbour_lines error '\n'	{ yyerrok; }
	;

neighbour_line
	: CONNECT STRING port tls	{
		config_neighbour_connect(neighbour, $2, $3, $4, where());
	}
	| CONNECT STRING port TLS CA STRING {
		config_neighbour_connect(neighbour, $2, $3, 1, where());
		config_neighbour_ca(neighbour, $6, where());
	}
	| KEY STRING			{
		config_neighbour_key(neighbour, $2, where());
	}
	| TLS CA STRING			{
		config_neighbour_ca(neighbour, $3, where());
	}
	| ACCEPT UNSIGNED FROM STRING	{
		config_neighbour_unsigned(neighbour, $4, where());
	}
	;

files	: FILES '{'			{
		conf->files.enabled = 1;
		conf->files.file = token.file;
		conf->files.line = token.line;
	} files_lines close
	;

files_lines
	: /* empty */
	| files_lines '\n'
	| files_lines files_line
	| files_lines error '\n'	{ yyerrok; }
	;

files_line
	: DIRECTORY STRING		{ set(SETTING_FILES_DIRECTORY, $2); }
	| URL STRING			{ set(SETTING_FILES_URL, $2); }
	| MAX SIZE STRING		{ set(SETTING_FILES_MAX_SIZE, $3); }
	| QUOTA STRING			{ set(SETTING_FILES_QUOTA, $2); }
	| RETAIN STRING			{ set(SETTING_FILES_RETAIN, $2); }
	;

limits	: LIMITS '{' limits_lines close
	;

limits_lines
	: /* empty */
	| limits_lines '\n'
	| limits_lines limit
	| limits_lines error '\n'	{ yyerrok; }
	;

limit	: CLIENTS STRING		{ set(SETTING_CLIENTS, $2); }
	| CLIENTS PER ADDRESS STRING	{
		set(SETTING_CLIENTS_PER_ADDRESS, $4);
	}
	| MESSAGE STRING		{ set(SETTING_MESSAGE, $2); }
	| LINK MESSAGE STRING		{ set(SETTING_LINK_MESSAGE, $3); }
	| LINK USERS STRING		{ set(SETTING_LINK_USERS, $3); }
	| COUNTERS STRING		{ set(SETTING_COUNTERS, $2); }
	| MESSAGES STRING PER SECOND BURST STRING {
		set(SETTING_MESSAGE_RATE, $2);
		set(SETTING_MESSAGE_BURST, $6);
	}
	| SEND QUEUE STRING		{ set(SETTING_SEND_QUEUE, $3); }
	| HELLO TIMEOUT STRING		{ set(SETTING_HELLO_TIMEOUT, $3); }
	| IDLE PING STRING		{ set(SETTING_IDLE_PING, $3); }
	| STRIKES STRING		{ set(SETTING_STRIKES, $2); }
	| HELLOS STRING PER MINUTE	{ set(SETTING_HELLOS, $2); }
	| STALL TIMEOUT STRING		{ set(SETTING_STALL_TIMEOUT, $3); }
	;

%%

static const struct {
	const char	*name;
	int		 value;
} keywords[] = {	/* sorted */
	{ "accept",	ACCEPT },
	{ "address",	ADDRESS },
	{ "burst",	BURST },
	{ "ca",		CA },
	{ "certificate", CERTIFICATE },
	{ "client",	CLIENT },
	{ "clients",	CLIENTS },
	{ "connect",	CONNECT },
	{ "control",	CONTROL },
	{ "counters",	COUNTERS },
	{ "cross",	CROSS },
	{ "directory",	DIRECTORY },
	{ "echo",	ECHO },
	{ "error",	ERROR },
	{ "files",	FILES },
	{ "from",	FROM },
	{ "hello",	HELLO },
	{ "hellos",	HELLOS },
	{ "idle",	IDLE },
	{ "include",	INCLUDE },
	{ "interval",	INTERVAL },
	{ "key",	KEY },
	{ "limits",	LIMITS },
	{ "link",	LINK },
	{ "list",	LIST },
	{ "listen",	LISTEN },
	{ "max",	MAX },
	{ "message",	MESSAGE },
	{ "messages",	MESSAGES },
	{ "minute",	MINUTE },
	{ "neighbour",	NEIGHBOUR },
	{ "no",		NO },
	{ "on",		ON },
	{ "origin",	ORIGIN },
	{ "per",	PER },
	{ "ping",	PING },
	{ "port",	PORT },
	{ "prefix",	PREFIX },
	{ "prefork",	PREFORK },
	{ "push",	PUSH },
	{ "queue",	QUEUE },
	{ "quota",	QUOTA },
	{ "replay",	REPLAY },
	{ "replies",	REPLIES },
	{ "retain",	RETAIN },
	{ "second",	SECOND },
	{ "send",	SEND },
	{ "server",	SERVER },
	{ "size",	SIZE },
	{ "socket",	SOCKET },
	{ "stall",	STALL },
	{ "state",	STATE },
	{ "strikes",	STRIKES },
	{ "timeout",	TIMEOUT },
	{ "tls",	TLS },
	{ "unsigned",	UNSIGNED },
	{ "update",	UPDATE },
	{ "url",	URL },
	{ "user",	USER },
	{ "users",	USERS },
	{ "verifiers",	VERIFIERS },
	{ "web",	WEB },
};

/* Returns its value, or STRING if that word is none. */
static int
keyword_find(const char *name)
{
	size_t	i, from = 0, to = nitems(keywords);
	int	order;

	while (from < to) {
		i = (from + to) / 2;
		if ((order = strcmp(name, keywords[i].name)) == 0)
			return (keywords[i].value);
		if (order < 0)
			to = i;
		else
			from = i + 1;
	}
	return (STRING);
}

static struct config_where
where(void)
{
	struct config_where	w;

	w.file = token.file;
	w.line = token.line;
	return (w);
}

static void
fail(const char *fmt, ...)
{
	char	text[SETTING_WHY_MAX];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	config_error(token.file, token.line, "%s", text);
}

static int
lex_word(void)
{
	int	value = STRING;

	if (!defining)
		value = keyword_find(token.text);
	if (begins)
		keyword = value;
	return (value);
}

static int
yylex(void)
{
	enum lex_type	last = token.type;

	before = token.text;
	if (config_error_count() >= CONFIG_ERRORS_MAX)
		return (0);
	lex_next(lexer, &token);
	begins = last == LEX_NEWLINE || last == LEX_OPEN;
	yylval.text = token.text;
	switch (token.type) {
	case LEX_END:
		return (0);
	case LEX_NEWLINE:
		defining = 0;
		return ('\n');
	case LEX_OPEN:
		block = keyword;
		block_line = token.line;
		return ('{');
	case LEX_CLOSE:
		block = 0;
		return ('}');
	case LEX_MACRO:
		defining = 1;
		return (MACRO);
	case LEX_WORD:
		return (lex_word());
	case LEX_STRING:
		return (STRING);
	case LEX_EQUALS:
	case LEX_ERROR:
	default:
		return (INVALID);
	}
}

/* What a line of this block, or of none, is called. */
static const char *
block_line_name(void)
{
	switch (block) {
	case LIMITS:
		return ("limit");
	case FILES:
		return ("files setting");
	case NEIGHBOUR:
		return ("neighbour setting");
	default:
		return ("setting");
	}
}

/* The parser's own text is always "syntax error". */
static void
yyerror(const char *unused)
{
	(void)unused;
	if (config_error_count() >= CONFIG_ERRORS_MAX)
		return;
	if (token.type == LEX_ERROR)
		fail("%s", token.text);
	else if (token.type == LEX_END)
		fail("the block of line %d is not closed", block_line);
	else if (token.type == LEX_NEWLINE)
		fail("the line ends too early, after \"%.200s\"", before);
	else if (token.type == LEX_MACRO)
		fail("unexpected \"=\" after \"%.200s\"", token.text);
	else if (token.type == LEX_WORD && begins)
		fail("unknown %s \"%.200s\"", block_line_name(), token.text);
	else if (token.type == LEX_WORD && keyword_find(token.text) == STRING)
		fail("unknown keyword \"%.200s\"", token.text);
	else
		fail("unexpected \"%.200s\"", token.text);
}

/* After an error before a block: its lines would be errors too. */
static void
skip_block(void)
{
	int	depth = 1;

	while (depth > 0 && token.type != LEX_END) {
		lex_next(lexer, &token);
		if (token.type == LEX_OPEN)
			depth++;
		else if (token.type == LEX_CLOSE)
			depth--;
	}
	block = 0;
}

/* No value: the setting is to be without one. */
static void
set(enum setting s, const char *text)
{
	char	why[SETTING_WHY_MAX];

	if (conf->where[s].line != 0) {
		fail("%s is given twice", setting_name(s));
		return;
	}
	conf->where[s] = where();
	if (s == SETTING_WEB_DIRECTORY)
		conf->web_line = token.line;
	if (text == NULL)
		setting_free(conf, s);
	else if (setting_read(conf, s, text, why) == -1)
		fail("%s", why);
}

static void
value_begin(const char *text)
{
	macro_value[0] = '\0';
	value_full = 0;
	value_add(text);
}

static void
value_add(const char *text)
{
	if (strlcat(macro_value, text, sizeof(macro_value)) >=
	    sizeof(macro_value))
		value_full = 1;
}

static void
define(const char *name)
{
	if (keyword_find(name) != STRING)
		fail("\"%s\" is a keyword and can't name a macro", name);
	else if (value_full)
		fail("macro \"%.200s\": the value is too long", name);
	else if (lex_define(lexer, name, macro_value, 0) == -1)
		fail("macro \"%.200s\": %s", name, errno == EINVAL ?
		    "a name has letters, digits and _ only" : strerror(errno));
}

/* -D name=value */
static void
define_argument(const char *argument)
{
	const char	*value = strchr(argument, '=');
	char		*name;

	if (value == NULL) {
		config_error("-D", 0, "\"%.200s\" is not macro=value",
		    argument);
		return;
	}
	name = config_strdup(argument);
	name[value - argument] = '\0';
	if (keyword_find(name) != STRING ||
	    lex_define(lexer, name, value + 1, 1) == -1)
		config_error("-D", 0, "\"%.200s\" is not macro=value",
		    argument);
	free(name);
}

/* Has the lexer read on in that file.  Returns NULL, or why it can't. */
static const char *
push_file(const char *path)
{
	const char	*why = NULL;
	char		*text;
	size_t		 len;

	if ((text = textfile_read(path, &len, &why)) == NULL)
		return (why);
	if (lex_push(lexer, config_name(conf, path), text, len) == -1)
		why = errno == EMFILE ? "too many files, or one includes "
		    "itself" : strerror(errno);
	free(text);
	return (why);
}

static void
include(const char *path)
{
	const char	*why = push_file(path);

	if (why != NULL)
		fail("include \"%.200s\": %s", path, why);
}

static void
parse(const char *path, char *const *macros, size_t nmacros)
{
	const char	*why;
	size_t		 i;

	for (i = 0; i < nmacros; i++)
		define_argument(macros[i]);
	if ((why = push_file(path)) != NULL) {
		config_error(path, 0, "%s", why);
		return;
	}
	memset(&token, 0, sizeof(token));
	token.type = LEX_NEWLINE;
	token.text = "";
	block = defining = 0;
	yyparse();
}

struct config *
config_parse(const char *path, char *const *macros, size_t nmacros)
{
	struct config	*done;

	config_errors_clear();
	conf = config_new();
	conf->file = config_strdup(path);
	if ((lexer = lex_new()) == NULL)
		fatal("config");
	parse(path, macros, nmacros);
	lex_free(lexer);
	lexer = NULL;
	if (config_error_count() != 0 || config_check(conf) == -1) {
		config_free(conf);
		conf = NULL;
	}
	done = conf;
	conf = NULL;
	neighbour = NULL;
	return (done);
}
