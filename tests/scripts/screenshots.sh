#!/usr/bin/env bash
# Takes the screenshots for the documentation: runs the real binary on an X server without a monitor, drawn in software.
# Usage: screenshots.sh BINARY FOLDER [NAME...]
set -euo pipefail

binary=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
shift 2
only=" $* "

home=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp -noreset 3>"$home/display" 2>/dev/null &
server=$!
application=
finish() {
    [ -z "$application" ] || kill "$application" 2>/dev/null || true
    kill "$server" 2>/dev/null || true
    rm -rf "$home"
}
trap finish EXIT
until [ -s "$home/display" ]; do sleep 0.05; done
DISPLAY=:$(cat "$home/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1 HOME=$home XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home XDG_RUNTIME_DIR=$home
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

# A sound device that discards everything, so that the radio can play.
cat >"$home/.asoundrc" <<ALSA
pcm.!default { type plug slave.pcm { type null } }
ctl.!default { type null }
ALSA

wanted() { [ "$only" = "  " ] || [[ $only == *" $1 "* ]]; }

# open ARGUMENTS...: starts the application and fills the screen with its window.
open() {
    rm -rf "$home/kamaelia-compose"
    if [ -n "${theme:-}" ]; then
        mkdir -p "$home/kamaelia-compose"
        echo "{ \"theme\": \"$theme\" }" >"$home/kamaelia-compose/session.json"
    fi
    "$binary" "$@" >/dev/null 2>"$home/errors" &
    application=$!
    local window=
    for _ in $(seq 200); do
        window=$(xdotool search --onlyvisible --pid "$application" --name . 2>/dev/null | tail -n 1) && [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || { echo "no window:" >&2; cat "$home/errors" >&2; exit 1; }
    xdotool windowmove "$window" 0 0 windowsize "$window" 1366 768 windowfocus "$window"
    sleep 1.5
}

# command_by_name NAME: runs a command of the application.
command_by_name() {
    xdotool key ctrl+k
    sleep 0.4
    xdotool type --delay 15 "$1"
    sleep 0.4
    xdotool key Return
    sleep 0.6
}

# shot NAME [DELAY]: takes a screenshot after the delay and closes the application.
shot() {
    sleep "${2:-0.5}"
    import -window root "$folder/$1.png"
    kill "$application"
    wait "$application" 2>/dev/null || true
    application=
    echo "$folder/$1.png"
}

picture() {
    local name=$1
    shift
    wanted "$name" || return 0
    open "$@"
    command_by_name "Zoom to fit"
    xdotool mousemove 683 500
    shot "$name" 2.5
}

if wanted empty; then open; shot empty; fi
if wanted slideshow; then
    open --run projects/slideshow.json
    command_by_name "Zoom to fit"
    xdotool mousemove 390 392 click 1
    sleep 1
    # Click again and take the screenshot while the message travels.
    xdotool click 1
    shot slideshow 0.1
fi
picture meow-mix --run projects/meow-mix.json
picture simple-radio --run projects/simple-radio.json
picture unix-pipeline projects/unix-pipeline.json
picture echo-server projects/echo-server.json
picture crashed --run tests/fixtures/crashed.json
picture problems tests/fixtures/problems.json
theme=light picture light --run projects/simple-radio.json
