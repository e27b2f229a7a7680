"""The catalogues hold the texts of the code, and their translations have the names that the texts have."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from babel.messages.pofile import read_po

from sphinx_postmortem.sphinx_ext.build_language import faulty_names
from sphinx_postmortem.sphinx_ext.html.page_language import SCRIPT_TEXTS
from sphinx_postmortem.sphinx_ext.html.static_files import SCRIPT, SEARCH_SCRIPT, STATIC
from tools import catalogue

ROOT = Path(__file__).parents[2]
MEND = "run `python -m tools.catalogue`"


def test_the_template_holds_the_texts_of_the_code():
    path = catalogue.OURS / f"{catalogue.CATALOGUE}.pot"
    assert path.read_bytes() == catalogue.written(catalogue.template()), MEND


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_language_has_the_texts_of_the_code(language):
    kept = catalogue.path_of(language).read_bytes()
    assert kept == catalogue.written(catalogue.brought_up_to_date(language)), MEND


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_has_the_names_of_its_text(language):
    messages = list(read_po(io.BytesIO(catalogue.path_of(language).read_bytes()), locale=language))
    assert len(messages) > 400
    assert [problem for message in messages if (problem := faulty_names(message))] == []


def test_the_scripts_say_what_pages_hand_them():
    said = re.findall(
        r'\bsay\("([^"]+)"', "".join((STATIC / name).read_text("utf-8") for name in (SCRIPT, SEARCH_SCRIPT))
    )
    assert sorted(set(said)) == sorted(SCRIPT_TEXTS)


def test_each_text_is_written_as_a_whole_where_it_is_found():
    """A text with values already in it, or one of two in a condition, is in no catalogue."""
    lost = []
    for path, call in catalogue.calls():
        for text in catalogue.text_arguments(call):
            is_glued = isinstance(text, ast.JoinedStr | ast.BinOp)
            is_chosen = isinstance(text, ast.IfExp | ast.BoolOp) and any(
                isinstance(part, ast.Constant) and part.value for part in ast.iter_child_nodes(text)
            )
            if is_glued or is_chosen:
                lost.append(f"{path.name}:{call.lineno}: {ast.unparse(text)}")
    assert lost == []


def test_the_wheel_holds_compiled_catalogues(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    names = ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    held = [name for name in names if "/locale/" in name]
    expected = [f"sphinx_postmortem/locale/{name}/LC_MESSAGES/{catalogue.CATALOGUE}.mo" for name in catalogue.LANGUAGES]
    assert sorted(held) == sorted(expected)
