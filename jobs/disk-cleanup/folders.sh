#!/bin/bash
# What all scripts of this job share: which folders they may touch, and how they touch a file there.

fail() { echo "${0##*/}: $*" >&2; exit 1; }

# The named folders as the array 'roots'. A folder that is reached by a link, or belongs to the system, is refused before anything is done.
read_folders() {
    local folder
    mapfile -t roots <<<"$FOLDERS"
    for folder in "${roots[@]}"; do
        [ -d "$folder" ] || fail "there is no folder $folder on $(uname -n); set the input 'folders'"
        [ "$(realpath -e -- "$folder")" = "$folder" ] || fail "$folder is reached by a link or written in another way than it is named; write $(realpath -e -- "$folder")"
        case $folder/ in
            /bin/* | /boot/* | /dev/* | /etc/* | /lib*/* | /proc/* | /run/* | /sbin/* | /sys/* | /usr/*)
                fail "$folder belongs to the system; this job does not clean there" ;;
        esac
    done
}

# enter FOLDER DIRECTORY: goes to a directory and makes sure that it is inside the folder. From then on files are named without a path, so that nobody
# can lead this script elsewhere by putting a link in the way. /bin/pwd asks the kernel, the shell's own might remember.
enter() {
    cd -P -- "$2" 2>/dev/null || return 1
    case $(/bin/pwd -P)/ in "$1"/*) ;; *) cd /; return 1 ;; esac
}
