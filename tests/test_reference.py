"""What the reference is generated from is complete."""

from __future__ import annotations

import ast
import json
from typing import get_args, get_type_hints, is_typeddict

import click
import pytest

from docs._ext.setting_examples import EXAMPLES
from sphinx_postmortem.cli.main import every_command
from sphinx_postmortem.core.directive_names import DIRECTIVE_NAMES
from sphinx_postmortem.core.directives import COMMON, DIRECTIVE_OPTIONS
from sphinx_postmortem.core.exports import command_json
from sphinx_postmortem.core.exports.edition_json import SCHEMA_FILE
from sphinx_postmortem.core.settings import OPTIONS, read_settings
from sphinx_postmortem.sphinx_ext.on_demand import DIRECTIVES, real_directive

pytestmark = pytest.mark.usefixtures("warm_start")


def test_the_core_knows_every_directive_by_name():
    assert set(DIRECTIVE_NAMES) == set(DIRECTIVES)
    assert list(DIRECTIVE_NAMES) == list(DIRECTIVE_OPTIONS)


@pytest.mark.parametrize("name", DIRECTIVES)
def test_every_option_of_a_directive_is_documented_in_full(name):
    documented = {**DIRECTIVE_OPTIONS[name], **COMMON}
    assert set(dict.keys(real_directive(DIRECTIVES[name]).option_spec)) == set(documented)
    assert all(part and "|" not in part for text in documented.values() for part in text)


def test_every_setting_has_a_meaning():
    assert all(option.help.endswith(".") for option in OPTIONS)


def test_every_setting_has_an_example_that_can_be_used():
    assert set(EXAMPLES) == {option.name for option in OPTIONS}
    values = {name: ast.literal_eval(example) for name, example in EXAMPLES.items()}
    for name, value in values.items():
        audiences = {"audiences": values["audiences"]} if name == "audiences" else {}
        read_settings({**audiences, name: value})
        assert value != next(option.default for option in OPTIONS if option.name == name)


def test_every_field_of_the_data_file_has_a_meaning():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    fields = [field for shape in (schema, *schema["$defs"].values()) for field in shape["properties"].values()]
    assert all(field.get("description") for field in fields)


def test_every_option_of_a_command_has_a_help_text_and_every_json_output_is_documented():
    for name, command in every_command().items():
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help, f"{name} {option.name}"
    printed = {f"{name} --json" for name, command in every_command().items() if has_option(command, "--json")}
    printed |= {f"{name} --format json" for name in ("check", "audit")}
    assert printed == set(command_json.COMMAND_JSON)


def has_option(command: click.Command, name: str) -> bool:
    return any(name in option.opts for option in command.params)


def test_every_field_that_a_command_prints_has_a_meaning():
    shapes = [shape for shape in vars(command_json).values() if is_typeddict(shape)]
    assert len(shapes) >= len(set(command_json.COMMAND_JSON.values()))
    for shape in shapes:
        for name, hint in get_type_hints(shape, include_extras=True).items():
            inner = get_args(hint)[0] if len(get_args(hint)) == 1 else hint  # NotRequired
            assert str(get_args(inner)[1]).endswith("."), f"{shape.__name__}.{name}"


def test_lists_of_texts_can_be_set_on_the_command_line(site):
    settings = site({"index.md": "# Page\n"}).build(postmortem_evidence="events,actions").app.config
    assert settings.postmortem_evidence == ["events", "actions"]
