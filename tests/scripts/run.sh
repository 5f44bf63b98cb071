#!/bin/sh
# Opens the window and runs a project in it. Without a display, runs the project in the terminal for a given time.
set -u
project=$1
seconds=$2
binary=target/release/kamaelia-compose

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    exec "$binary" --run "$project"
fi
echo "There is no display, so $project runs in this terminal for $seconds seconds."
echo "To open the window, run this on a desktop, with ssh -X, or on a virtual screen:"
echo "  xvfb-run $binary --run $project"
echo
exec "$binary" run "$project" --for "${seconds}s"
