#!/bin/sh
# From the built wheel to the first built postmortem, in a fresh virtual environment, as README.md tells it.
# Prints each command and what it says: first_postmortem.sh FOLDER
set -eu
folder=$1
python=${PYTHON:-python3}
case $python in */*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;; esac
root=$(cd "$(dirname "$0")/.." && pwd)
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

"$python" -m venv wheel-venv
wheel-venv/bin/python -m pip --quiet --disable-pip-version-check wheel --no-deps --wheel-dir wheel "$root"
rm -rf wheel-venv
"$python" -m venv venv
PATH=$PWD/venv/bin:$PATH
wheel=$(echo wheel/*.whl)

say() {
    printf '$ %s\n' "$*"
    "$@" </dev/null
}
say pip install --quiet --disable-pip-version-check "$wheel[all]"
say sphinx-postmortem init postmortems --audiences internal,leadership
say sphinx-postmortem new postmortems --title "Stolen CI token published a package" --date 2026-03-02
say sphinx-postmortem build postmortems site --format html,pdf --fail-on-warning

# The prompts that `new` has written are found as long as they are unanswered.
sed -i 's/^:status: draft/:status: closed/' postmortems/incidents/2026/sec-2026-001.md
printf '$ sphinx-postmortem check postmortems    # once its status says closed\n'
if sphinx-postmortem check postmortems --format json -o check.json; then
    echo "check finds nothing in a postmortem that is all prompts" >&2
    exit 1
fi
printf 'prompts that are left: %s\n' "$(grep -c '"prompt-left"' check.json)"
grep -q '"prompt-left"' check.json

# What is internal is in the internal edition only.
grep -q 'Technical details' site/internal/html/incidents/2026/sec-2026-001.html
! grep -rq 'Technical details' site/leadership
say sphinx-postmortem verify site/leadership
