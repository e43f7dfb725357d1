# bash completion for olaf(1)

_olaf_names()
{
	olaf ${1:+-i "$1"} name 2>/dev/null | cut -d ' ' -f 1
}

_olaf()
{
	local commands word previous command identity i
	commands="chat download help keygen list listen name send upload whoami"
	word=${COMP_WORDS[COMP_CWORD]}
	previous=${COMP_WORDS[COMP_CWORD - 1]}
	command='' identity=''
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-i)			identity=${COMP_WORDS[++i]} ;;
		-s | -L | --ca | --pin)	((i++)) ;;
		-*)			;;
		*)			command=${COMP_WORDS[i]}; break ;;
		esac
	done

	case $previous in
	-t)
		mapfile -t COMPREPLY < <(compgen -W "$(_olaf_names "$identity")" \
		    -- "$word")
		return ;;
	-i | -o | --ca | -L)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return ;;
	-s)
		mapfile -t COMPREPLY < <(compgen -W "ws:// wss://" -- "$word")
		return ;;
	-n | --pin)
		return ;;
	esac

	case $command in
	'')	i="$commands -h -i -j -s -v --ca --pin --insecure --help --version" ;;
	help)	i=$commands ;;
	keygen)	i="-p" ;;
	list | whoami)	i="-j" ;;
	listen)	i="-j -n" ;;
	name)	i="-d -f -j $(_olaf_names "$identity")" ;;
	send)	i="-l -t" ;;
	upload)
		i="-j -t"
		[[ $word == -* ]] || i=
		mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	download)	i="-f -j -o" ;;
	*)	i= ;;
	esac
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$i" -- "$word")
}

complete -F _olaf olaf
