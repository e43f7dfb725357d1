#compdef olaf
# zsh completion for olaf(1)

_olaf_who()
{
	local -a names
	names=(${(f)"$(olaf ${opt_args[-i]:+-i} $opt_args[-i] name 2>/dev/null |
	    cut -d ' ' -f 1)"})
	_describe -t names 'name' names
}

_olaf_command()
{
	local -a commands
	commands=(
		'chat:the chat screen'
		'download:fetch a file'
		'help:list the commands'
		'keygen:make your key'
		'list:who is online, by server'
		'listen:print what arrives, a line each'
		'name:give a key a name, take one away, list them'
		'send:send a message'
		'upload:store a file on the server'
		'whoami:your fingerprint'
	)
	_describe -t commands 'command' commands
}

_olaf()
{
	local context state state_descr line
	typeset -A opt_args

	_arguments -C \
	    '-h[print all commands]' \
	    '-i[identity]:identity:_files' \
	    '-j[print JSON]' \
	    '-s[server]:URL:(ws:// wss://)' \
	    '-v[say more]' \
	    '--ca[certificates of authorities]:file:_files' \
	    '--pin[the key of the server'\''s certificate]:pin:' \
	    '--insecure[without TLS to other machines too]' \
	    '--help[print all commands]' \
	    '--version[print the version]' \
	    '1:command:_olaf_command' \
	    '*::argument:->argument'

	[[ $state == argument ]] || return 0
	case $line[1] in
	help)		_olaf_command ;;
	keygen)		_arguments '-p[ask for a passphrase]' ;;
	list|whoami)	_arguments '-j[print JSON]' ;;
	listen)		_arguments '-j[print JSON]' \
			    '-n[end after so many]:count:' ;;
	name)		_arguments '-d[take a name away]' \
			    '-f[even if it is another key'\''s]' \
			    '-j[print JSON]' '*:who:_olaf_who' ;;
	send)		_arguments '-l[send stdin by lines]' \
			    '*-t[to whom]:who:_olaf_who' '*:text:' ;;
	upload)		_arguments '-j[print JSON]' \
			    '*-t[whom to tell]:who:_olaf_who' \
			    '1:file:_files' ;;
	download)	_arguments '-f[replace a file]' '-j[print JSON]' \
			    '-o[where to]:file:_files' '1:URL:' ;;
	esac
}

_olaf "$@"
