"""Directives that write the reference from the code, so that it cannot fall behind."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import NoneType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import click
from docutils import nodes
from setting_examples import EXAMPLES
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sphinx_postmortem.cli.init import init_data
from sphinx_postmortem.cli.main import every_command
from sphinx_postmortem.cli.new import new_data
from sphinx_postmortem.cli.results import Written, edition_data
from sphinx_postmortem.cli.verify import verify_data
from sphinx_postmortem.core import problems
from sphinx_postmortem.core.check_codes import check_codes
from sphinx_postmortem.core.directives import COMMON, DIRECTIVE_OPTIONS, OptionText
from sphinx_postmortem.core.exports.command_json import COMMAND_JSON
from sphinx_postmortem.core.exports.edition_json import SCHEMA_FILE, export_edition
from sphinx_postmortem.core.exports.publication import Publication
from sphinx_postmortem.core.names.public_ids import ID_KINDS
from sphinx_postmortem.core.records.knowledge import KnowledgeBase
from sphinx_postmortem.core.records.model import Action, Event, Incident, PageRecords
from sphinx_postmortem.core.records.time_reading import parse_moment
from sphinx_postmortem.core.settings import OPTIONS, Option
from sphinx_postmortem.sphinx_ext.on_demand import every_directive
from sphinx_postmortem.sphinx_ext.records.roles import ROLES


class Generated(SphinxDirective):
    """Parses the Markdown that ``text`` returns."""

    def text(self) -> str:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes(self.text(), allow_section_headings=False)

    def section(self, name: str, content: list[nodes.Node]) -> nodes.section:
        section = nodes.section("", nodes.title(name, "", nodes.literal("", name)), *content, names=[name])
        self.state.document.note_implicit_target(section, section)
        return section


class Options(Generated):
    """Describes each setting as Sphinx describes its own (``confval``), so that other sites can refer to it."""

    def text(self) -> str:
        return "\n".join(self.describe(option) for option in OPTIONS)

    def describe(self, option: Option) -> str:
        types = " or ".join("None" if kind is NoneType else kind.__name__ for kind in option.types)
        name, meaning = f"postmortem_{option.name}", option.help.replace("``", "`")
        example = f"{name} = {EXAMPLES[option.name]}"
        head = f"`````{{confval}} {name}\n:type: {types}\n:default: `` {option.default!r} ``\n"
        return f"{head}\n{meaning}\n\n````python\n{example}\n````\n`````\n"


class Directives(Generated):
    def run(self) -> list[nodes.Node]:
        built: list[nodes.Node] = []
        for name, directive in every_directive().items():
            doc = " ".join(inspect.cleandoc(directive.__doc__ or "").split()).replace("``", "`")
            text = f"{doc}\n\n{option_table(DIRECTIVE_OPTIONS[name])}"
            section = self.section(name, self.parse_text_to_nodes(text))
            self.env.domains["rst"].note_object("directive", name, section["ids"][0], location=section)
            note_options(self, name, section)
            built.append(section)
        return built


class OptionsOf(Generated):
    """Shows the options of one directive, or with `all` those that every directive has."""

    required_arguments = 1

    def text(self) -> str:
        name = self.arguments[0]
        return option_table(COMMON if name == "all" else DIRECTIVE_OPTIONS[name])


class Roles(Generated):
    def text(self) -> str:
        described = {"attack": "T1078.004", **{name: kind.example for name, kind in ID_KINDS.items()}}
        of_ours = (
            f"A link to the {name} that the text names: `` {{{name}}}`{example}` ``." for name, example in ROLES.items()
        )
        of_others = (
            f"A link to what describes the id, after a look at how it is written: `` {{{name}}}`{example}` ``."
            for name, example in described.items()
        )
        texts = zip((*ROLES, *described), (*of_ours, *of_others), strict=True)
        return "\n".join(f"````{{rst:role}} {name}\n{text}\n````\n" for name, text in texts)


class Codes(Generated):
    def text(self) -> str:
        return "\n".join(f"````{{pm-warning}} postmortem.{code}\n{doc}\n````\n" for code, doc in code_docs().items())


class Commands(Generated):
    def run(self) -> list[nodes.Node]:
        built: list[nodes.Node] = []
        for name, command in sorted(every_command().items()):
            context = click.Context(command, info_name=f"sphinx-postmortem {name}", max_content_width=90)
            text = command.get_help(context)
            section = self.section(name, [nodes.literal_block(text, text, language="none")])
            standard = self.env.domains.standard_domain
            standard.note_object("pm-command", f"sphinx-postmortem {name}", section["ids"][0], location=section)
            for option in [flag for each in command.params if isinstance(each, click.Option) for flag in each.opts]:
                standard.add_program_option(
                    f"sphinx-postmortem {name}", option, self.env.current_document.docname, section["ids"][0]
                )
            built.append(section)
        return built


class CommandJson(SphinxDirective):
    """Shows what the commands print with ``--json``, as the code makes it."""

    def run(self) -> list[nodes.Node]:
        folder = Path("/srv/build/site/leadership")
        written = Written("leadership", folder, 24, (folder / "pdf" / "SEC-2026-014.pdf",))
        examples = {
            "build": {"editions": [edition_data("leadership", written), edition_data("public", None)]},
            "verify": verify_data({"build/site/leadership": ["html/index.html: changed"]}),
            "new": new_data("SEC-2026-014", Path("/srv/postmortems/incidents/2026/sec-2026-014.md")),
            "init": init_data(Path("postmortems"), ["index.md"], ["conf.py"]),
        }
        built: list[nodes.Node] = []
        for name, data in examples.items():
            text = json.dumps(data, indent=2)
            built += [nodes.rubric("", name), nodes.literal_block(text, text, language="json")]
        return built


class JsonFields(Generated):
    """Lists the fields of what each command prints as JSON, from the types that the code declares."""

    def text(self) -> str:
        shapes: dict[type, list[str]] = {}
        for command, shape in COMMAND_JSON.items():
            shapes.setdefault(shape, []).append(f"`{command}`")
        return "\n".join(self.fields(", ".join(commands), shape) for shape, commands in shapes.items())

    def fields(self, title: str, shape: type) -> str:
        rows = [row for name, hint in typed_fields(shape) for row in self.rows(name, hint)]
        return f"{title}\n\n| Field | Type | Meaning |\n|---|---|---|\n{''.join(rows)}"

    def rows(self, name: str, hint: TypedField) -> list[str]:
        rows = [f"| `{name}` | {hint.kind} | {hint.meaning} |\n"]
        for inner, more in typed_fields(hint.inner) if hint.inner else []:
            rows += self.rows(f"{name}{'[]' if hint.is_list else ''}.{inner}", more)
        return rows


class Data(Generated):
    """Shows ``postmortems.json`` of a small site, as the code writes it."""

    def run(self) -> list[nodes.Node]:
        page = PageRecords(
            incidents=(Incident("SEC-2026-014", "incidents/sec-2026-014", "Stolen token", severity="SEV-1"),),
            events=(
                Event("SEC-2026-014", "incidents/sec-2026-014", parse_moment("2026-03-02 01:14"), "Alert detected"),
            ),
            actions=(Action("SEC-2026-014", "incidents/sec-2026-014", "A1", "Alert on uploads", ("detection-eng",)),),
        )
        data = export_edition(KnowledgeBase({"incidents/sec-2026-014": page}), Publication("leadership"))
        text = json.dumps(data, indent=2)
        return [nodes.literal_block(text, text, language="json")]


class Schema(Generated):
    """Lists the fields of ``postmortems.json`` from its schema."""

    def text(self) -> str:
        schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
        parts = [self.fields("The file", schema)]
        parts += [self.fields(f"`{name}`", definition) for name, definition in schema["$defs"].items()]
        return "\n".join(parts)

    def fields(self, title: str, schema: dict[str, Any]) -> str:
        rows = [f"{title}\n\n| Field | Type | Meaning |\n|---|---|---|\n"]
        for name, field in schema["properties"].items():
            rows.append(f"| `{name}` | {self.kind(field)} | {field.get('description', '')} |\n")
        return "".join(rows)

    def kind(self, field: dict[str, Any]) -> str:
        if "$ref" in field:
            return f"`{field['$ref'].rpartition('/')[2]}`"
        if "items" in field:
            return f"list of {self.kind(field['items'])}"
        if "enum" in field:
            return ", ".join(f"`{value}`" for value in field["enum"])
        if "const" in field:
            return f"`{field['const']}`"
        types = field["type"] if isinstance(field["type"], list) else [field["type"]]
        return " or ".join(field.get("format", kind) if kind == "string" else kind for kind in types)


@dataclass(frozen=True)
class TypedField:
    """One field of a typed dictionary: its type as JSON has it, its meaning, and the dictionary that it holds."""

    kind: str
    meaning: str
    inner: type | None
    is_list: bool


def typed_fields(shape: type) -> list[tuple[str, TypedField]]:
    found = []
    for name, hint in get_type_hints(shape, include_extras=True).items():
        annotated = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        kind, meaning = get_args(annotated)
        is_list = get_origin(kind) is list
        item = get_args(kind)[0] if is_list else kind
        word = {str: "string", int: "integer", bool: "boolean"}.get(item, "object")
        inner = item if is_typeddict(item) else None
        found.append((name, TypedField(f"list of {word}s" if is_list else word, meaning, inner, is_list)))
    return found


def note_options(directive: SphinxDirective, name: str, tree: nodes.Element) -> None:
    """Give each row of a directive's table an anchor, and the option in its first cell an entry in the inventory."""
    for row in [row for body in tree.findall(nodes.tbody) for row in body.findall(nodes.row)]:
        first = next(row.findall(nodes.paragraph))
        node_id = nodes.make_id(f"directive-{name}-{first.astext()}")
        first["ids"].append(node_id)
        rst = directive.env.domains["rst"]
        rst.note_object("directive:option", f"{name}:{first.astext()}", node_id, location=first)


def note_checks(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: on the pages of the checks, each section that is called by a code is an object.

    The page that lists all keeps the anchors that it had when it held the sections: links to it lead to the row.
    """
    docname = app.env.current_document.docname
    if docname == "reference/checks":
        for row in document.findall(nodes.row):
            first = next(row.findall(nodes.paragraph))
            first["ids"] += [first.astext()] if first.astext() in check_codes() else []
    if not docname.startswith("reference/checks/"):
        return
    for section in document.findall(nodes.section):
        title = section[0].astext()
        if title in check_codes():
            app.env.domains.standard_domain.note_object("pm-check", title, section["ids"][0], location=section)


def option_table(options: Mapping[str, OptionText]) -> str:
    if not options:
        return "It has no options of its own.\n"
    rows = [f"| `{name}` | {o.takes} | {o.default} | {o.meaning} |\n" for name, o in options.items()]
    return f"| Option | Takes | Without it | Meaning |\n|---|---|---|---|\n{''.join(rows)}"


def code_docs() -> dict[str, str]:
    """Return each warning code and the text that follows it in the source."""
    tree = ast.parse(Path(problems.__file__).read_text(encoding="utf-8"))
    body: list[Any] = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Code").body
    found = {}
    for assigned, doc in pairwise(body):
        if isinstance(assigned, ast.Assign) and isinstance(doc, ast.Expr):
            found[problems.Code[ast.unparse(assigned.targets[0])].value] = " ".join(
                ast.literal_eval(doc.value).split()
            ).replace("``", "`")
    return found


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("pm-options", Options)
    app.add_directive("pm-directives", Directives)
    app.add_directive("pm-options-of", OptionsOf)
    app.add_directive("pm-roles", Roles)
    app.add_directive("pm-json-fields", JsonFields)
    app.add_directive("pm-command-json", CommandJson)
    app.add_directive("pm-codes", Codes)
    app.add_directive("pm-commands", Commands)
    app.add_directive("pm-data", Data)
    app.add_directive("pm-schema", Schema)
    app.add_object_type("pm-warning", "pm-warning", objname="warning")
    app.add_object_type("pm-check", "pm-check", objname="check")
    app.add_object_type("pm-command", "pm-command", objname="command")
    app.connect("doctree-read", note_checks)
    return {"parallel_read_safe": True}
