"""What all our directives share: the audience gate, options that are never lost, lines, cells, and nested text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import final

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.core.audience.audiences import Edition, UnknownAudienceError
from sphinx_postmortem.core.directives import old_option, options_of, unknown_option
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.problems import Code, Problem
from sphinx_postmortem.core.reader.reading import DOMAIN_PREFIX
from sphinx_postmortem.core.settings import Settings
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.audience.incident_labels import note_restricted
from sphinx_postmortem.sphinx_ext.audience.page_accounting import note_use
from sphinx_postmortem.sphinx_ext.directives.options import (
    line_of_option,
    marking_fault,
    option_spec,
    read_options,
    without_comment,
)
from sphinx_postmortem.sphinx_ext.directives.ran import note_ran
from sphinx_postmortem.sphinx_ext.guest import note_presence
from sphinx_postmortem.sphinx_ext.noted_findings import note
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain, domain_of
from sphinx_postmortem.sphinx_ext.records.shown_owners import NAMES
from sphinx_postmortem.sphinx_ext.site_catalogues import collects_messages, translated
from sphinx_postmortem.sphinx_ext.tree import every
from sphinx_postmortem.sphinx_ext.upstream.myst import is_markdown

INCIDENT_IN_READING = "postmortem:incident"

# Options with sentences. What decides who reads is none of them.
_TRANSLATED_OPTIONS = frozenset(["customer-impact", "operational-impact", "regulatory-impact", "lessons", "none"])

# Text in which neither Markdown nor reStructuredText can find markup, so that it needs no parser.
_PLAIN_TEXT = expression(r"(?:[\w ,;()/%+=.'-]|:(?= |\Z))*\Z")
_DAY_OR_TIME = expression(r"[12]\d{3}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?\Z", re.ASCII)
_TRICKY_IN_PLAIN = expression(r"_|--|\.\.\.|'|www\.|\.\w|^[-+*#\d=.]|\([a-zA-Z]+\)|\+-|  ")


def is_plain(text: str) -> bool:
    """Say whether a text can hold no markup, in neither syntax."""
    return bool(_DAY_OR_TIME.match(text) or (_PLAIN_TEXT.match(text) and not _TRICKY_IN_PLAIN.search(text)))


class PostmortemDirective(SphinxDirective):
    """Base of all our directives. Subclasses write ``run_visible``; the gate stands in ``run``, which none overrides.

    Blocks that are marked by their argument say so in ``marking_is_sound``, ``is_visible`` and ``run_hidden``.
    """

    has_content = True
    required_arguments = 0
    optional_arguments = 0
    final_argument_whitespace = True
    option_spec = option_spec()

    @final
    def run(self) -> list[nodes.Node]:
        """Return what the edition may see. Where it may not see the directive, its body is not parsed."""
        self.options = read_options(self.options, self.block_text, in_markdown=is_markdown(self.state))
        note_ran(self)
        note_presence(self.env)
        readable = self.marking_is_sound()
        shown = readable and self.is_visible()
        note_use(self, hidden=not shown)
        if not shown:
            return self.run_hidden() if readable else []
        self.note_markings(*self.markings())
        self.rename_old_options()
        self.report_unknown_options()
        names = NAMES.of(self.env)
        if names is not None and self.options.get("owner"):
            # A list of an owner whom the register lacks must not become the list of all such owners.
            owners = self.options["owner"].split(",")
            self.options["owner"] = ", ".join(names.owner(each) if names.knows_owner(each) else each for each in owners)
        for name in _TRANSLATED_OPTIONS & self.options.keys():
            self.options[name] = self.translated(str(self.options[name]))
        made = [*self.run_visible(), *self.messages]
        for node in made:
            for each in every(node, nodes.Element):
                # As what the parsers make has it. docutils would climb to the root at each change of the node.
                each.document = self.state.document
        return made

    def translated(self, text: str) -> str:
        """Return an author's text in the language of the build, and hand it to the builder of catalogues."""
        if text.strip() and collects_messages(self.env):
            self.messages.append(output.message(" ".join(text.split()), *self.get_source_info()))
        return translated(self.env, text)

    @cached_property
    def messages(self) -> list[nodes.Node]:
        """The texts for catalogues; none but in the builder ``gettext``, which writes nothing else."""
        return []

    def note_markings(self, *markings: str) -> None:
        """Note that the page shows what is marked for these audiences."""
        if self.edition.audiences.restrict(markings):
            note_restricted(self.env)

    def run_visible(self) -> list[nodes.Node]:
        """Return the directive's nodes."""
        raise NotImplementedError

    def run_hidden(self) -> list[nodes.Node]:
        """Return what stands in the place of a hidden directive, which is nothing."""
        return []

    @property
    def known_options(self) -> tuple[str, ...]:
        """The names of the options that exist."""
        return options_of(self.plain_name, self.edition.audiences.names)

    @property
    def plain_name(self) -> str:
        """The directive's name without that of the domain."""
        return self.name.casefold().removeprefix(DOMAIN_PREFIX)

    @property
    def domain(self) -> PostmortemDomain:
        """The domain that holds the records."""
        return domain_of(self.env)

    @property
    def settings(self) -> Settings:
        """The build's settings."""
        return self.domain.settings

    @property
    def edition(self) -> Edition:
        """The edition being built."""
        return self.settings.edition

    @property
    def incident_id(self) -> str:
        """The incident whose page is being read: that of the last summary above."""
        return str(self.env.current_document.get(INCIDENT_IN_READING, ""))

    # --- the gate

    def shows(self, marking: str) -> bool:
        """Say whether the edition shows a marking; an unknown one is reported and hidden everywhere."""
        try:
            return self.edition.shows(marking)
        except UnknownAudienceError as error:
            self.warn(Code.UNKNOWN_AUDIENCE, f"{error}; the content is hidden until it is mended")
            return False

    def markings(self) -> tuple[str, ...]:
        """Return the audiences that the directive is marked for, as written; an empty text means all."""
        return (self.options.get("audience", ""),)

    def is_visible(self) -> bool:
        """Say whether the edition shows the directive, whose marking is sound."""
        return all(self.shows(marking) for marking in self.markings())

    def marking_is_sound(self) -> bool:
        """Report a marking that cannot be read: it hides the content in every edition."""
        fault = marking_fault(self.options, self.known_options, self.content)
        if fault:
            self.warn(Code.BROKEN_MARKING, f"{fault}. The content is hidden until it is mended")
        return not fault

    def rename_old_options(self) -> None:
        """Read options that have another name now, and say what to write; the new name counts where both are given."""
        for name in tuple(self.options):
            found = old_option(self.plain_name, name, without_comment(str(self.options[name])))
            if found is not None:
                new, value, message = found
                self.warn_option(Code.OLD_OPTION, message, name)
                del self.options[name]
                self.options.setdefault(new, value)

    def report_unknown_options(self) -> None:
        """Report options that do not exist, with the nearest that does."""
        known = self.known_options
        for name in self.options:
            if name not in known:
                self.warn_option(Code.UNKNOWN_OPTION, unknown_option(self.plain_name, name, known), name)

    # --- lines and warnings

    def line_of(self, index: int) -> int:
        """Return the 1-based line in the source file of a content line."""
        if is_markdown(self.state):
            return self.lineno + self.content_offset + index + 1
        if index < len(self.content.items):
            offset = self.content.items[index][1]
            return int(offset) + 1
        return self.content_offset + index + 1

    def warn(self, code: Code, message: str, line: int = 0, file: str = "") -> None:
        """Report what is wrong at a line of the page, or of another file; without a line, at the directive."""
        source, own_line = self.get_source_info()
        note(self.env, self.settings, code, message, file or source, line or own_line)

    def warn_option(self, code: Code, message: str, name: str) -> None:
        """Report what is wrong with an option, at its line."""
        self.warn(code, message, self.get_source_info()[1] + line_of_option(self.block_text, name))

    def warn_problems(self, problems: Sequence[Problem], file: str = "") -> None:
        """Warn of what ``core`` found, in the page or in another file."""
        for problem in problems:
            self.warn(problem.code, problem.message, problem.line, file)

    # --- nested text

    def parse_body(self) -> list[nodes.Node]:
        """Parse the body as blocks."""
        return self.parse_content_to_nodes()

    def parse_cell(self, text: str, line: int) -> list[nodes.Node]:
        """Parse one table cell as inline markup. Text that can hold none is taken as it is.

        MyST counts the line from 0, docutils from 1.
        """
        if is_plain(text):
            return [nodes.Text(text)] if text else []
        children, messages = self.parse_inline(text, lineno=line - is_markdown(self.state))
        return [*children, *messages]

    def parse_option(self, name: str, text: str | None = None) -> list[nodes.Node]:
        """Parse an option's value, or what is left of it, as inline markup at the option's line."""
        text = str(self.options[name]) if text is None else text
        below = 0 if is_plain(text) else line_of_option(self.block_text, name)
        return self.parse_cell(text, self.get_source_info()[1] + below)

    def parse_blocks(self, text: str, line: int) -> list[nodes.Node]:
        """Parse a text, such as an option's value, as blocks."""
        container = nodes.Element()
        content = StringList(text.splitlines(), self.get_source_info()[0])
        offset = line - self.lineno - 1 if is_markdown(self.state) else line - 1
        self.state.nested_parse(content, offset, container)
        return list(container.children)
