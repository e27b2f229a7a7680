"""Pages that other extensions write or change during a build: none is shown that nobody has looked at."""

from __future__ import annotations

import os

import pytest
from sphinx.errors import ExtensionError

INDEX = "# T\n\nopenword\n\n```{toctree}\n:glob:\n\n*\ngen/*\n```\n"
HIDDEN = "---\naudience: internal\n---\n# P secretword\n"
MORE = "---\norphan: true\n---\n# P\n\nmoreword\n"


def writing(event: str, text: str, path: str = "gen/late.md") -> str:
    """Return a conf.py whose extension writes a page at an event."""
    return f"""
from pathlib import Path
def write(app, *_):
    path = Path(app.srcdir, {path!r})
    path.parent.mkdir(exist_ok=True)
    path.write_text({text!r})
    return []
def setup(app):
    app.connect({event!r}, write)
"""


def replacing(old: str, new: str) -> str:
    """Return a conf.py whose extension replaces text when a page is read."""
    return f"""
def replace(app, docname, source):
    source[0] = source[0].replace({old!r}, {new!r})
def setup(app):
    app.connect("source-read", replace)
"""


def refused(source, **more) -> str:
    with pytest.raises(ExtensionError, match="Nothing was") as caught:
        source.build("leadership", warnings=True, **more)
    return str(caught.value)


@pytest.mark.parametrize("text", [HIDDEN, MORE])
def test_a_page_that_an_extension_writes_is_refused(site, text):
    message = refused(site({"index.md": INDEX}, writing("builder-inited", text)))
    assert "gen/late.md" in message
    assert "postmortem_generated_pages" in message


def test_the_full_edition_shows_what_extensions_write(site):
    source = site({"index.md": INDEX}, writing("builder-inited", HIDDEN))
    assert "secretword" in source.build("internal", warnings=True).read("gen/late.html")


def test_a_named_page_is_shown(site):
    source = site({"index.md": INDEX}, writing("builder-inited", MORE) + 'postmortem_generated_pages = ["gen"]\n')
    assert "moreword" in source.build("leadership", warnings=True).read("gen/late.html")


def test_a_named_page_is_judged_when_it_is_read(site):
    source = site({"index.md": INDEX}, writing("builder-inited", HIDDEN) + 'postmortem_generated_pages = ["gen"]\n')
    assert "gen/late.md:" in refused(source)


def test_a_page_in_a_hidden_folder_stays_hidden(site):
    conf = writing("builder-inited", MORE) + 'postmortem_audience_paths = {"gen": "internal"}\n'
    built = site({"index.md": INDEX}, conf).build("leadership", warnings=True)
    assert b"moreword" not in built.all_bytes()
    assert "openword" in built.read("index.html")


def test_a_page_that_is_written_anew_with_the_same_text_is_refused(site):
    source = site({"index.md": INDEX, "gen/late.md": MORE}, writing("builder-inited", MORE))
    assert "gen/late.md" in refused(source)


@pytest.mark.parametrize("event", ["env-get-outdated", "env-before-read-docs"])
def test_a_page_that_changes_after_the_look_is_refused(site, event):
    source = site({"index.md": INDEX, "p.md": MORE}, writing(event, HIDDEN, "p.md"))
    assert "p.md" in refused(source)


def test_a_page_name_that_an_extension_adds_to_those_read_is_refused(site):
    conf = """
def add(app, env, docnames):
    docnames.append("extra/p")
def setup(app):
    app.connect("env-before-read-docs", add)
exclude_patterns = ["extra"]
"""
    source = site({"index.md": INDEX, "extra/p.md": HIDDEN, "extra/p.rst": "P\n=\n"}, conf)
    assert "extra/p" in refused(source)


def test_a_page_that_is_no_longer_excluded_is_refused(site):
    conf = """
def include(app):
    app.config.exclude_patterns = [each for each in app.config.exclude_patterns if each != "gen"]
def setup(app):
    app.connect("builder-inited", include)
exclude_patterns = ["gen"]
"""
    assert "gen/p.md" in refused(site({"index.md": INDEX, "gen/p.md": MORE}, conf))


def test_a_text_that_becomes_marked_when_it_is_read_is_refused(site):
    source = site(
        {"index.md": INDEX, "p.md": "KEY\n# P secretword\n"}, replacing("KEY", "---\naudience: internal\n---")
    )
    assert "p.md:" in refused(source)


def test_a_marking_that_is_replaced_when_the_page_is_read_is_refused(site):
    page = "# P\n\n:::{internal-only}\nsecretword\n:::\n"
    assert "a marking is lost" in refused(
        site({"index.md": INDEX, "p.md": page}, replacing("{internal-only}", "{note}"))
    )


def test_other_text_may_be_replaced(site):
    source = site({"index.md": INDEX, "p.md": MORE}, replacing("moreword", "newword"))
    assert "newword" in source.build("leadership", warnings=True).read("p.html")


def test_a_cell_of_a_notebook_marks_the_whole_page(site):
    cell = '{"cell_type": "raw", "source": ["---\\n", "audience: internal\\n", "---\\n"]}'
    conf = """
from sphinx.parsers import Parser
from docutils import nodes
class Notebooks(Parser):
    supported = ("notebook",)
    def parse(self, text, document):
        document += nodes.section("", nodes.title("", text), ids=["a"])
def setup(app):
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(Notebooks)
"""
    files = {"index.md": INDEX, "n.ipynb": f'{{"cells": [{cell}, {{"cell_type": "code", "source": "secretword"}}]}}'}
    assert b"secretword" not in site(files, conf).build("leadership", warnings=True).all_bytes()


def test_sources_in_another_encoding_are_the_same_when_they_are_read(site):
    files = {"index.rst": "T\n=\n\nübrig\n".encode("latin-1")}
    source = site(files, 'source_encoding = "latin-1"\n')
    assert "übrig" in source.build("leadership", warnings=True).read("index.html")


# --- extensions that are known to write pages


def test_stubs_of_autosummary_are_refused(site):
    page = "# P\n\n```{eval-rst}\n.. autosummary::\n   :toctree: gen\n\n   os.path\n```\n"
    files = {"index.md": INDEX, "p.md": HIDDEN + page, "gen/os.path.rst": "P\n=\n\nsecretword\n"}
    message = refused(site(files, 'extensions += ["sphinx.ext.autosummary"]\n'))
    assert '"gen"' in message


def test_autosummary_without_stubs_is_published(site):
    page = "P\n=\n\n.. autosummary::\n\n   os.path.join\n"
    source = site({"index.md": INDEX, "p.rst": page}, 'extensions += ["sphinx.ext.autosummary"]\n')
    assert "pathname components" in source.build("leadership", warnings=True).read("p.html")


def test_a_docstring_that_begins_with_a_marked_block_has_no_summary(site, monkeypatch):
    page = "P\n=\n\n.. autosummary::\n\n   zqmarked.act\n"
    module = 'def act():\n    """\n    .. internal-only::\n\n       secretword\n    """\n'
    source = site(
        {"index.md": INDEX, "p.rst": page, "zqmarked.py": module}, 'extensions += ["sphinx.ext.autosummary"]\n'
    )
    monkeypatch.syspath_prepend(str(source.source))
    assert "begin the docstring with a sentence" in refused(source)


def test_stubs_of_autosummary_in_a_hidden_folder_are_hidden(site):
    page = "P\n=\n\n.. autosummary::\n   :toctree: gen\n\n   os.path\n"
    conf = 'extensions += ["sphinx.ext.autosummary"]\npostmortem_audience_paths = {"gen": "internal"}\n'
    files = {"index.md": INDEX, "p.rst": page, "gen/os.path.rst": "P\n=\n\nsecretword\n"}
    assert b"secretword" not in site(files, conf).build("leadership", warnings=True).all_bytes()


# --- what is read again


@pytest.fixture
def old(site):
    """A site that was built, and a function that hides what it shows while no time moves."""
    files = {
        "index.md": INDEX,
        "p.md": "# P\n\nsecretword\n\n```{include} part.txt\n```\n",
        "part.txt": "coveredword\n",
    }
    source = site(files, 'exclude_patterns = ["part.txt"]\n')
    built = source.build("leadership", warnings=True)
    assert "secretword" in built.read("p.html")

    def hide(name: str, word: str) -> None:
        path = source.source / name
        times = path.stat()
        path.write_text(path.read_text().replace(word, f":::{{internal-only}}\n{word}\n:::"))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return source, hide


@pytest.mark.parametrize(("name", "word"), [("p.md", "secretword"), ("part.txt", "coveredword")])
def test_what_is_hidden_without_a_newer_time_is_read_again(old, name, word):
    source, hide = old
    hide(name, word)
    again = source.build("leadership", keep=True, warnings=True)
    assert word.encode() not in again.all_bytes()
    assert "openword" in again.read("index.html")


def test_what_has_not_changed_is_not_read_again(old):
    source, _ = old
    source.build("leadership", keep=True, warnings=True)  # files that are as new as the first build are read again
    again = source.build("leadership", keep=True, progress=True, warnings=True)
    assert "0 added, 0 changed, 0 removed" in again.app.status.getvalue()


def test_a_build_that_fails_leaves_no_digests(old):
    source, hide = old
    hide("p.md", "secretword")
    conf = source.source / "conf.py"
    conf_text = conf.read_text()
    conf.write_text(
        conf_text
        + "\ndef fail(app, env):\n    raise SystemError\ndef setup(app):\n    app.connect('env-updated', fail, 990)\n"
    )
    with pytest.raises(ExtensionError):
        source.build("leadership", keep=True, warnings=True)
    conf.write_text(conf_text)
    assert b"secretword" not in source.build("leadership", keep=True, warnings=True).all_bytes()


def test_digests_lie_in_no_output(old):
    source, _ = old
    built = source.build("leadership", keep=True, warnings=True)
    assert b"postmortem-content" not in built.all_bytes()


# --- side channels


def test_dates_of_a_pages_change_are_left_out(site):
    conf = """
def date(app, page, template, context, doctree):
    context["last_updated"] = "dateword"
def setup(app):
    app.add_config_value("sitemap_show_lastmod", True, "")
    app.connect("html-page-context", date)
html_theme = "basic"
"""
    source = site({"index.md": INDEX}, conf)
    built = source.build("leadership", warnings=True)
    assert "dateword" not in built.read("index.html")
    assert not built.app.config.sitemap_show_lastmod
    assert "dateword" in source.build("internal", warnings=True).read("index.html")


def test_a_list_of_todos_names_no_lines(site):
    page = "# P\n\n:::{internal-only}\nx\n\ny\n:::\n\n```{todo}\nopenword\n```\n\n```{todolist}\n```\n"
    source = site({"index.md": INDEX, "p.md": page}, 'extensions += ["sphinx.ext.todo"]\ntodo_include_todos = True\n')
    assert "p.md, line" in source.build("internal", warnings=True).read("p.html")
    assert "p.md, line" not in source.build("leadership", warnings=True).read("p.html")


@pytest.mark.parametrize("target", ["p.html", "../p.html#a", "p.md", "p/index.html", "p"])
def test_a_redirect_to_a_hidden_page_is_left_out(site, target):
    conf = f"""
def setup(app):
    app.add_config_value("redirects", {{"old": "index.html", "older": {target!r}}}, "")
"""
    source = site({"index.md": INDEX, "p.md": HIDDEN}, conf)
    built = source.build("leadership", warnings=True)
    assert built.app.config.redirects == {"old": "index.html"}
    assert len(source.build("internal", warnings=True).app.config.redirects) == 2


@pytest.mark.parametrize(("path", "conf"), [("a.txt", ""), ("more/a.txt", 'html_extra_path = ["more"]\n')])
def test_a_published_file_that_is_marked_while_pages_are_written_leaves_nothing(site, path, conf):
    text = ":::{internal-only}\nsecretword\n:::\n"
    conf += writing("write-started", text, path)
    source = site({"index.md": f"# T\n\nopenword {{download}}`x <{path}>`\n", path: "x"}, conf)
    refused(source)
    (left,) = source.source.parent.glob("build-leadership-*")
    assert [path.name for path in left.glob("html/[!.]*")] == []
