#!/bin/sh
# Make the virtual environment that `make site` and `make test` use: make_venv.sh FOLDER
set -eu
venv=$1

python=
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "No Python 3.11 to 3.14 found. Install one, or name it: make PYTHON=/path/to/python3.12 test" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "$python cannot make virtual environments. On Debian: apt-get install python3-venv" >&2
    exit 1
fi

"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
# pip compiles one file after the other; here all processors do, and what cannot be compiled is passed over as there.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[all,cluster]' --group test --group lint --group site
"$venv/bin/python" -m compileall -q -j 0 "$venv/lib" >/dev/null 2>&1 || true
