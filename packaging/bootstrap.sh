#!/bin/sh
# Everything a fresh machine needs: system packages (Debian, as root), a virtual environment, the project itself.
# Safe to run again: what is there already is left alone.
set -eu
cd "$(dirname "$0")/.."

# python3-venv makes the environment; the rest is what Qt needs to draw, with or without a screen.
PACKAGES="python3-venv libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libxkbcommon-x11-0
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 fonts-dejavu-core"
# Stands in for a screen in benchmarks; nobody is asked to install it by hand.
[ "$(id -u)" != 0 ] || PACKAGES="$PACKAGES xvfb xauth"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $PACKAGES; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then
        echo "Installing system packages:$missing" >&2
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "Please install these system packages first: sudo apt-get install$missing" >&2
        exit 1
    fi
fi

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer with venv is needed: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Installing DefectStudio into .venv (about two minutes the first time)" >&2
# torch alone and first, by its exact pin, so that no other requirement can pull another build of it.
.venv/bin/python -m pip install --quiet --constraint packaging/constraints.txt "$(grep '^torch==' packaging/constraints.txt)"
.venv/bin/python -m pip install --quiet --constraint packaging/constraints.txt --editable '.[dev]'

unwanted=$(.venv/bin/python -m pip list --format=freeze | grep -iE '^(nvidia-|triton|torchvision)' || true)
if [ -n "$unwanted" ]; then
    echo "A CUDA build of torch was installed ($(echo "$unwanted" | head -1)...), several GB that this project does not" >&2
    echo "ship. Remove .venv, point pip at an index with the CPU build of torch, and run make again." >&2
    [ "${DEFECTSTUDIO_ALLOW_CUDA:-}" = 1 ] || exit 1
fi
touch .venv/.ready
