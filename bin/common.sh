# Sourced by bin/run and bin/test: system packages, the virtual environment, the locked Python packages. It asks no question.

cd "$(dirname "$0")/.." || exit 1
VENV=.venv

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Settings from .env; what is already in the environment wins. Lines are NAME=value, never evaluated.
load_env() {
    [ -f .env ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in ''|'#'*) continue ;; *=*) ;; *) fail ".env: every line is NAME=value or a comment" ;; esac
        name=${line%%=*} value=${line#*=}
        case $name in ''|[0-9]*|*[!A-Za-z0-9_]*) fail ".env: not a name: $name" ;; esac
        case $value in \"*\"|\'*\') value=${value#?} value=${value%?} ;; esac
        eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
    done < .env
}

# The first Python of at least 3.11; PYTHON may name another one.
find_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then PYTHON=$python; return; fi
    done
    fail "Python 3.11 or newer is needed; found $("${PYTHON:-python3}" --version 2>&1 || echo none). Install one, or say PYTHON=/path/to/python3 make run."
}

# An argument may be "name|newer-name": either satisfies, the first is asked for.
is_installed() {
    ( IFS='|'; set -f
      for name in $1; do
          case $(dpkg-query -W -f '${db:Status-Status} ' "$name" 2>/dev/null) in installed\ *) exit 0 ;; esac
      done
      exit 1 )
}

need_packages() {
    command -v dpkg-query >/dev/null || { say "Not a Debian system: these packages are assumed to be present: $*"; return 0; }
    missing=
    for package in "$@"; do is_installed "$package" || missing="$missing ${package%%|*}"; done
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" = 0 ]; then as_root=env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n env"
    else fail "System packages are missing, and only root can install them. Run this, then try again:
    sudo apt-get update && sudo apt-get install --yes --no-install-recommends$missing"; fi
    say "Installing system packages:$missing"
    # shellcheck disable=SC2086 # the words of $as_root and $missing are meant apart
    { $as_root apt-get update -qq && $as_root DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $missing </dev/null >/dev/null; } \
        || fail "apt-get could not install$missing; its message is above."
}

venv_works() { [ -x "$VENV/bin/pip" ] && "$VENV/bin/python" -c '' 2>/dev/null; }

# System packages and the virtual environment. Debian keeps the module venv in a package of its own.
need_machine() {
    if venv_works; then need_packages "$@"; return; fi
    find_python
    case $(command -v "$PYTHON") in /usr/bin/*) set -- "${PYTHON##*/}-venv" "$@" ;; esac
    need_packages "$@"
    say "Making $VENV with $("$PYTHON" --version)"
    "$PYTHON" -m venv --clear "$VENV"
}

# Installs a lock file once; the stamp holds the lock's hash and is written last.
need_locked() {
    hash=$(sha256sum < "$1") stamp="$VENV/.installed-$1"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ] && return 0
    say "Installing the Python packages of $1"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-input --require-hashes -r "$1" || fail "pip could not install $1; its message is above."
    printf '%s\n' "$hash" > "$stamp"
}

RUN_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk libmagic1|libmagic1t64"
