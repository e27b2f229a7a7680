#!/bin/sh
# Make what a release consists of: make_release.sh FOLDER writes FOLDER/packages (wheel and sdist) and the wheel's SBOM
# (CycloneDX) beside it. Its tools have an environment of their own: nothing that the tests install takes part.
set -eu
cd "$(dirname "$0")/.."
folder=$1
rm -rf "$folder"
"${PYTHON:-python3}" -m venv "$folder/tools"
python=$folder/tools/bin/python
"$python" -m pip install --quiet --disable-pip-version-check "pip>=25.1"
"$python" -m pip install --quiet --disable-pip-version-check --group release
"$python" -m build --outdir "$folder/packages"
"$python" -m twine check --strict "$folder"/packages/*
"$python" -m check_wheel_contents "$folder"/packages/*.whl

# The SBOM tells what a person gets who installs the wheel alone.
"$python" -m venv "$folder/installed"
"$folder/installed/bin/python" -m pip install --quiet --disable-pip-version-check "$folder"/packages/*.whl
"$folder/installed/bin/python" -m pip uninstall --quiet --yes pip
"$python" -m cyclonedx_py environment --output-reproducible --pyproject pyproject.toml \
    --output-file "$folder/sphinx-postmortem.cdx.json" "$folder/installed/bin/python"
rm -rf "$folder/installed" "$folder/tools"
