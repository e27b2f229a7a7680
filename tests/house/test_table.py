"""``sphinx_ext/extension.py`` tells all that is registered with Sphinx."""

from __future__ import annotations

import re
from pathlib import Path

import sphinx_postmortem
from sphinx_postmortem.sphinx_ext.extension import Handler, handlers
from sphinx_postmortem.sphinx_ext.on_demand import every_directive
from tools.house_figures import read_modules

_REGISTERS = re.compile(r"app\.(?:connect|add_\w+|setup_extension|set_translator|registry\.add_\w+)\Z")

ORDER = (
    *(
        "config-inited",
        "builder-inited",
        "env-get-outdated",
        "env-before-read-docs",
        "env-purge-doc",
        "source-read",
        "include-read",
    ),
    *("doctree-read", "env-merge-info", "env-updated", "env-check-consistency", "write-started", "doctree-resolved"),
    *("missing-reference", "warn-missing-reference", "html-page-context", "postmortem-pdf-documents"),
    "build-finished",
)
"""The events in the order in which a build comes to them."""


def test_nothing_is_registered_elsewhere() -> None:
    found = {
        module.name
        for module in read_modules(Path(sphinx_postmortem.__file__).parent)
        for name, _call in module.calls()
        if _REGISTERS.search(name)
    }
    assert found == {"sphinx_ext.extension"}


def test_handlers_stand_in_the_order_in_which_they_run() -> None:
    places = [(ORDER.index(each.event), each.priority) for each in handlers()]
    assert places == sorted(places)


def test_every_handler_says_why() -> None:
    assert [each for each in handlers() if len(each.why.split()) < 3] == []


def test_no_state_is_shared_between_applications() -> None:
    kept = (handlers(), handlers())
    owners = [{id(each.run.__self__) for each in table if hasattr(each.run, "__self__")} for table in kept]
    assert owners[0]
    assert owners[0].isdisjoint(owners[1])


def test_a_handler_is_connected_once() -> None:
    def named(each: Handler) -> tuple[str, str]:
        return each.event, f"{each.run.__module__}.{each.run.__qualname__}"

    found = [named(each) for each in handlers()]
    assert len(found) == len(set(found))


def test_directives_are_documented() -> None:
    assert [name for name, each in every_directive().items() if not each.__doc__] == []
