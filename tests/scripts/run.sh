#!/bin/sh
# Opens the window and runs a project in it. Without a display, runs the project in the terminal for a given time.
set -u
project=$1
seconds=$2
binary=target/release/kamaelia-compose

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    exec "$binary" --run "$project"
fi
echo "No display here, so $project runs in this terminal for $seconds seconds."
echo "For the window: run this where there is a desktop, or with ssh -X, or through a virtual screen:"
echo "  xvfb-run $binary --run $project"
echo
exec "$binary" run "$project" --for "${seconds}s"
