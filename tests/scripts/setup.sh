#!/bin/sh
# Makes sure the system packages are there: `setup.sh` and one or more of the words build, test and bench.
# Installs what is missing with apt as root or through sudo; where it cannot, says what to install and fails.
set -u

build="gcc pkg-config libasound2-dev libxkbcommon-dev libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2 libgl1 libegl1 libgl1-mesa-dri"
test="xvfb xauth xdotool imagemagick sox curl python3 mesa-vulkan-drivers"
# What the web server is compared with, and by.
bench="wrk nginx-light"

wanted=""
for group in "$@"; do
    case "$group" in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "setup.sh: unknown group $group (build, test, bench)" >&2; exit 2 ;;
    esac
done

command -v cargo >/dev/null || {
    echo "Rust is missing: install it from https://rustup.rs (1.95 or newer, with clippy and rustfmt), then run make again." >&2
    exit 1
}

# Elsewhere than on Debian and its relatives: look for what the build needs itself, by what it looks for.
if ! command -v dpkg-query >/dev/null; then
    missing=""
    command -v pkg-config >/dev/null || missing="$missing pkg-config"
    for library in alsa xkbcommon; do
        pkg-config --exists "$library" 2>/dev/null || missing="$missing $library(development-files)"
    done
    case "$*" in
    *test*)
        for tool in Xvfb xdotool import sox curl python3; do
            command -v "$tool" >/dev/null || missing="$missing $tool"
        done
        ;;
    esac
    [ -z "$missing" ] && exit 0
    [ "$(uname -s)" = Linux ] || { echo "Not Linux: going on without these:$missing" >&2; exit 0; }
    echo "Please install, with this system's package manager:$missing" >&2
    exit 1
fi

missing=""
for package in $wanted; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root="sudo"
    else
        echo "Please install these packages as an administrator, then run make again:" >&2
        echo "  apt-get install$missing" >&2
        exit 1
    fi
fi

echo "Installing:$missing"
$as_root apt-get update -q || echo "apt-get update failed; trying with the lists that are there" >&2
# A server among the packages is for measuring and is not started: run level 1 has no services.
# shellcheck disable=SC2086
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing || {
    echo "Could not install:$missing" >&2
    exit 1
}
