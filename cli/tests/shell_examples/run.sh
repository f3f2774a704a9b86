# Runs a block of a document as it is written. Only what the reader has elsewhere is replaced, in the arguments of the
# commands: the service, the Redis server, the PKCS#11 module, and the protection of a token cache, which not every
# machine has.
set -euo pipefail

block=$1 served=$2
mkfifo "$served"
trap 'jobs=$(jobs -p); [ -z "$jobs" ] || { kill $jobs; wait; }' EXIT

graph-token() {
    local arguments=("$@") address
    arguments=("${arguments[@]/#rediss:\/\/cache.contoso.com/${REDIS-}}")
    arguments=("${arguments[@]/#\/usr\/lib\/softhsm\/libsofthsm2.so/${MODULE-}}")
    case " $* " in
    *' --tenant '*) arguments+=(--authority "$AUTHORITY") ;;
    *' http://127.0.0.1:8080/'*)
        # Waits for the service that the block has started.
        read -r address <"$served"
        arguments=("${arguments[@]/#http:\/\/127.0.0.1:8080/$address}")
        ;;
    esac
    case " $* " in
    *' --cache-key-file '*) ;;
    *' --token-cache '*) arguments+=(--token-cache-protection none) ;;
    esac
    command graph-token "${arguments[@]}"
}

entra-emulator() {
    local arguments=("${@/#127.0.0.1:8080/127.0.0.1:0}")
    if [ "$BASHPID" = $$ ]; then
        # In the foreground it would serve until the reader ends it.
        command entra-emulator "${arguments[@]}" --exit-with-stdin </dev/null
    else
        exec entra-emulator "${arguments[@]}" >"$served"
    fi
}

source "$block"
