# fish completion for olaf(1)

function __olaf_names
    set -l words (commandline -opc)
    set -l identity
    set -l at (contains -i -- -i $words)
    if test -n "$at"
        set identity -i $words[(math $at + 1)]
    end
    olaf $identity name 2>/dev/null | string split -f 1 ' '
end

set -l commands chat download help keygen list listen name send upload whoami

complete -c olaf -f
complete -c olaf -s h -l help -d 'print all commands'
complete -c olaf -l version -d 'print the version'
complete -c olaf -s j -d 'print JSON'
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -s i -r -F -d 'identity'
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -s s -x -a 'ws:// wss://' -d 'server'
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -s v -d 'say more'
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -l ca -r -F -d 'certificates of authorities'
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -l pin -x -d "the key of the server's certificate"
complete -c olaf -n "not __fish_seen_subcommand_from $commands" -l insecure -d 'without TLS to other machines too'

set -l first "not __fish_seen_subcommand_from $commands"
complete -c olaf -n $first -a chat -d 'the chat screen'
complete -c olaf -n $first -a download -d 'fetch a file'
complete -c olaf -n $first -a help -d 'list the commands'
complete -c olaf -n $first -a keygen -d 'make your key'
complete -c olaf -n $first -a list -d 'who is online, by server'
complete -c olaf -n $first -a listen -d 'print what arrives, a line each'
complete -c olaf -n $first -a name -d 'give a key a name, take one away, list them'
complete -c olaf -n $first -a send -d 'send a message'
complete -c olaf -n $first -a upload -d 'store a file on the server'
complete -c olaf -n $first -a whoami -d 'your fingerprint'

complete -c olaf -n '__fish_seen_subcommand_from help' -a "$commands"
complete -c olaf -n '__fish_seen_subcommand_from keygen' -s p -d 'ask for a passphrase'
complete -c olaf -n '__fish_seen_subcommand_from listen' -s n -x -d 'end after so many'
complete -c olaf -n '__fish_seen_subcommand_from name' -s d -d 'take a name away'
complete -c olaf -n '__fish_seen_subcommand_from name' -s f -d "even if it is another key's"
complete -c olaf -n '__fish_seen_subcommand_from name' -a '(__olaf_names)'
complete -c olaf -n '__fish_seen_subcommand_from send' -s l -d 'send stdin by lines'
complete -c olaf -n '__fish_seen_subcommand_from send upload' -s t -x -a '(__olaf_names)' -d 'to whom'
complete -c olaf -n '__fish_seen_subcommand_from upload' -F
complete -c olaf -n '__fish_seen_subcommand_from download' -s f -d 'replace a file'
complete -c olaf -n '__fish_seen_subcommand_from download' -s o -r -F -d 'where to'
