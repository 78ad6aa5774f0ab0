# Stands beside one script, in a session of its own, and outlives the worker: it notes who runs, keeps the time, and writes how the
# script ended. Built-ins only (but for sleep), because it is started for every step.
#   $1 folder  $2 time limit in seconds  $3 grace in seconds  $4 path of sleep  $5 cgroup.procs to join, or nothing
#   $6 folder that holds the script's "work"  $7 limits as words for ulimit, "-n=64 -v=1048576"  then the command
# Standard output is the attempt's output file; standard error takes what this shell itself says, which is how a script that was
# killed is told from one that left with 128 + n.
# Variables begin with _m_: an exported one of the same name would otherwise reach the script changed.
cd "$1" || exit 70
_m_folder=$1 _m_limit=$2 _m_grace=$3 _m_sleep=$4 _m_cgroup=$5 _m_home=$6 _m_limits=$7
shift 7
set -C

# Creating this file is the right to run the script. Whoever comes second, after a crash in between, finds it and leaves.
read -r _m_pid _m_2 _m_3 _m_4 _m_5 _m_6 _m_7 _m_8 _m_9 _m_10 _m_11 _m_12 _m_13 _m_14 _m_15 _m_16 _m_17 _m_18 _m_19 _m_20 _m_21 _m_start _m_rest </proc/self/stat
{ echo "$_m_pid $_m_start end" >supervisor; } 2>/dev/null || exit 75

if [ -n "$_m_cgroup" ]; then
    echo 0 >|"$_m_cgroup" || exit 71
fi

# A handler, not '': an ignored signal would stay ignored in the script. The script's own "kill 0" must not end its supervisor.
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE

(
    trap '' HUP INT QUIT TERM USR1 USR2 ALRM PIPE
    "$_m_sleep" "$_m_limit"
    echo timeout >timedout
    kill -TERM 0
    "$_m_sleep" "$_m_grace"
    read -r _m_pid _m_rest <script.pid
    kill -KILL "$_m_pid"
) >/dev/null 2>&1 &

# In the foreground, because a shell without job control starts background commands with INT and QUIT ignored.
(
    read -r _m_pid _m_2 _m_3 _m_4 _m_5 _m_6 _m_7 _m_8 _m_9 _m_10 _m_11 _m_12 _m_13 _m_14 _m_15 _m_16 _m_17 _m_18 _m_19 _m_20 _m_21 _m_start _m_rest </proc/self/stat
    # Without this file nothing may run: it is how the worker knows whether anything did.
    echo "$_m_pid $_m_start end" >script.pid || exit 70
    # Runs only when exec fails: no line of the script ran then. In bash the failed exec must not leave before the trap.
    trap 'echo "$? end" >|"$_m_folder/refused"' EXIT
    [ -z "${BASH_VERSION-}" ] || shopt -s execfail
    for _m_word in $_m_limits; do
        ulimit "${_m_word%%=*}" "${_m_word#*=}" || exit 71
    done
    cd "$_m_home/work" || exit 70
    unset OLDPWD
    exec "$@" 2>&1
)
_m_code=$?

_m_end=exit
[ ! -e timedout ] || _m_end=timeout
# One write of one line: complete with its last word, or not there. A full disk is waited for a while: the end of the script is known
# nowhere else.
_m_tries=0
until echo "$_m_end $_m_code end" >|status || [ "$_m_tries" -ge 60 ]; do
    _m_tries=$((_m_tries + 1))
    "$_m_sleep" 1
done

# The last act takes along what the script left behind in this process group, the clock above, and this shell.
kill -KILL 0
