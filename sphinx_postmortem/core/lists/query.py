"""One engine for all lists: a table of fields says how records are filtered, sorted, grouped and shown in columns.

Several values of one filter are alternatives, filters of several fields must all be met, and case does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from sphinx_postmortem.core.attack.site_table import table_of
from sphinx_postmortem.core.attack.table import AttackTable
from sphinx_postmortem.core.clocks.running_clocks import OUR_CLOCKS, ClockKeeper
from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.lists.nothing_titles import nothing_of
from sphinx_postmortem.core.lists.relative_days import day_from, is_relative
from sphinx_postmortem.core.records.factors import NO_FACTORS, FactorVocabulary
from sphinx_postmortem.core.records.field_uses import RECORDS
from sphinx_postmortem.core.records.fixes import FixHistory
from sphinx_postmortem.core.records.knowledge import KnowledgeBase, natural_key
from sphinx_postmortem.core.records.runbook_history import RunbookHistory

Row = TypeVar("Row")
Other = TypeVar("Other")
Value = TypeVar("Value")


@dataclass(frozen=True)
class SortKey:
    """One key of an order: a field, and whether the greatest value comes first. Missing values always come last."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """What a list asks for.

    ``wanted`` pairs the option of each filter with its values in lower case. An empty ``sort`` is the list's own order,
    empty ``columns`` are its own columns, and ``limit`` 0 is no limit.
    """

    wanted: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: tuple[SortKey, ...] = ()
    group_by: str = ""
    columns: tuple[str, ...] = ()
    limit: int = 0

    def values(self, option: str) -> tuple[str, ...]:
        """Return the values of one filter; none when it is not asked for."""
        return dict(self.wanted).get(option, ())


@dataclass(frozen=True)
class Facts:
    """What the fields of all lists are read from.

    ``today`` is the day by which actions are overdue, ``done_statuses`` are the statuses, in lower case, of actions
    that need no more work, ``severities`` are the site's, the gravest first, ``clocks`` keeps its reporting clocks, and
    ``attack_file`` is the path of its own file of ATT&CK, if it has one; ``factors`` are what tags of factors mean,
    and ``history`` is what came back, where it has been asked for already.
    """

    knowledge: KnowledgeBase
    today: date | None
    done_statuses: Collection[str]
    severities: Sequence[str]
    clocks: ClockKeeper = OUR_CLOCKS
    attack_file: str = ""
    factors: FactorVocabulary = NO_FACTORS
    history: FixHistory | None = None

    @cached_property
    def fixes(self) -> FixHistory:
        """What was done against each contributing factor, and what came back."""
        return self.history or FixHistory(self.knowledge, self.done_statuses)

    @cached_property
    def runbooks(self) -> RunbookHistory:
        """How the runbooks fared in incidents."""
        return RunbookHistory(self.knowledge)

    @cached_property
    def attack(self) -> AttackTable:
        """The techniques of ATT&CK that the site knows."""
        return table_of(self.attack_file)

    @cached_property
    def severity_ranks(self) -> dict[str, int]:
        """The places of the severities, by their names in lower case."""
        return {folded(name): rank for rank, name in enumerate(self.severities)}


@dataclass(frozen=True)
class Filter(Generic[Row]):
    """The option by which a list is filtered; every text is in Markdown, for the reference.

    Args:
        option: its name.
        takes: what it takes.
        meaning: what it means.
        default: what holds without it.
        one_of: given the site's severities, the only values that it takes; without it, any.
        is_day: whether its one value is a day, or the time from today.
        spelled: brings a value as people write it into the spelling of ``one_of``.
        resolved: returns how rows call a value that people call otherwise; without it, as they wrote it.
        passes: says whether a row meets one of the values; without it, one of the row's values must be wanted.
        names: the names that the site has, for the message about one that it lacks; without it, any name will do.
        also: further names that are known although the site has none of them at the moment.
        knows: says whether the site has a name; without it, ``names`` decides.
    """

    option: str
    takes: str
    meaning: str
    default: str = "all"
    one_of: Callable[[Sequence[str]], Sequence[str]] | None = None
    is_day: bool = False
    spelled: Callable[[str], str] | None = None
    resolved: Callable[[str, Facts], str] | None = None
    passes: Callable[[Collection[str], Row, Facts], bool] | None = None
    names: Callable[[Facts], Iterable[str]] | None = None
    also: tuple[str, ...] = ()
    knows: Callable[[str, Facts], bool] | None = None


def _nothing(row: object, facts: Facts) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Field(Generic[Row]):
    """One field of a list's records.

    Args:
        name: its name in the options ``sort``, ``group-by`` and ``columns``.
        read: returns what a row holds in it: several texts, one, or none; empty texts do not count. Without it nothing.
        title: the header of its column; without one it is no column.
        filter: the option that filters by it.
        can_sort: whether a list can be sorted by it.
        sort_value: returns what a row is sorted by, None where it has nothing; without it, its first value is.
        can_group: whether a list can be grouped by it.
        label: returns how people call a value; without it, the value is its own name.
        order: returns a key by which values are sorted; without it, their labels are, numbers in them as numbers.
        keeps_order: whether groups stay in the order in which their first rows stand.
        nothing: the title of the group of rows that hold nothing.
        says: whether its values are words that the language of the build translates, where it knows them.
        listed: what a page that shows it is written again for (``field_uses.RECORDS``, ``SUMMARIES``).
    """

    name: str
    read: Callable[[Row, Facts], Iterable[str]] = _nothing
    title: str = ""
    filter: Filter[Row] | None = None
    can_sort: bool = False
    sort_value: Callable[[Row, Facts], Any] | None = None
    can_group: bool = False
    label: Callable[[str, Facts], str] | None = None
    order: Callable[[str, Facts], Any] | None = None
    keeps_order: bool = False
    nothing: str = ""
    listed: str = RECORDS
    says: bool = False

    def values(self, row: Row, facts: Facts) -> tuple[str, ...]:
        """Return the texts that a row holds in this field."""
        return tuple(text for text in self.read(row, facts) if text)

    def label_of(self, value: str, facts: Facts) -> str:
        """Return how people call a value."""
        return self.label(value, facts) if self.label else say(value) if self.says else value

    def shown_values(self, row: Row, facts: Facts) -> tuple[str, ...]:
        """Return the texts of a row as a cell shows them."""
        return tuple(map(say, self.values(row, facts))) if self.says else self.values(row, facts)

    def order_of(self, value: str, facts: Facts) -> Any:
        """Return the key by which a value is sorted."""
        return self.order(value, facts) if self.order else natural_key(self.label_of(value, facts))

    def sort_value_of(self, row: Row, facts: Facts) -> Any:
        """Return what a row is sorted by; None where it has nothing."""
        if self.sort_value:
            return self.sort_value(row, facts)
        values = self.values(row, facts)
        return self.order_of(values[0], facts) if values else None

    def seen_from(self, get: Callable[[Other], Row]) -> Field[Other]:
        """Return this field for rows that have a row of this list: a lesson has an incident."""
        read, sort_value = self.read, self.sort_value
        test = self.filter.passes if self.filter else None
        made: Field[Any] = replace(cast("Field[Any]", self), read=_seen(read, get))
        if test:
            made = replace(made, filter=replace(cast("Filter[Any]", self.filter), passes=_test_seen(test, get)))
        if sort_value:
            made = replace(made, sort_value=_seen(sort_value, get))
        return made


def _seen(read: Callable[[Row, Facts], Value], get: Callable[[Other], Row]) -> Callable[[Other, Facts], Value]:
    """Return how a value is read from rows that have a row of this list."""

    def read_seen(row: Other, facts: Facts) -> Value:
        return read(get(row), facts)

    return read_seen


def _test_seen(
    test: Callable[[Collection[str], Row, Facts], bool], get: Callable[[Other], Row]
) -> Callable[[Collection[str], Other, Facts], bool]:
    """Return how rows are filtered that have a row of this list."""

    def passes(wanted: Collection[str], row: Other, facts: Facts) -> bool:
        return test(wanted, get(row), facts)

    return passes


@dataclass(frozen=True)
class ListKind(Generic[Row]):
    """A kind of list.

    Args:
        noun: what its rows are called, in the singular.
        fields: the fields of its rows, in the order of the reference.
        rows: returns all rows, in the order that they have among equals.
        columns: the columns of a list that names none.
        none: what stands in the place of a list without rows.
        more: what says how many rows are left out: of one, and of several.
        all_of: what leads to all of them.
        sort: the order of a list that names none; without it, that of ``rows``.
        sort_text: this order in Markdown, for the reference.
        limit: how many rows a list has at most that names no limit; 0 for all.
        arrange: brings the rows that pass into the order that they have among equals, for one query.
        further_fields: fields that are known only when all pages have been read.
    """

    noun: str
    fields: tuple[Field[Row], ...]
    rows: Callable[[Facts], Iterable[Row]]
    columns: tuple[str, ...] = ()
    none: str = ""
    more: tuple[str, str] = ("", "")
    all_of: str = ""
    sort: tuple[SortKey, ...] = ()
    sort_text: str = ""
    limit: int = 0
    arrange: Callable[[list[Row], Query], None] | None = None
    further_fields: Callable[[Facts], Iterable[Field[Row]]] | None = None

    def field(self, name: str) -> Field[Row]:
        """Return the field of this name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def filters(self) -> tuple[Filter[Row], ...]:
        """The filters of all fields."""
        return tuple(field.filter for field in self.fields if field.filter)

    @property
    def sorts(self) -> tuple[str, ...]:
        """The names of the fields by which it can be sorted."""
        return tuple(field.name for field in self.fields if field.can_sort)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the fields by which it can be grouped."""
        return tuple(field.name for field in self.fields if field.can_group)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of its columns, by the names of their fields."""
        return {field.name: field.title for field in self.fields if field.title}


@dataclass(frozen=True)
class Group:
    """What the rows of a group have in common: a value, empty where they have none, and how to call it."""

    value: str
    title: str


@dataclass(frozen=True)
class Selection(Generic[Row]):
    """The rows of a list in groups, and how many that pass the filters are left out by its limit.

    A list that is not grouped has one group without a name, or none if it has no rows.
    """

    groups: tuple[tuple[Group | None, tuple[Row, ...]], ...]
    left_out: int

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all groups; those that stand in several groups stand here as often."""
        return tuple(row for _, rows in self.groups for row in rows)


def select(query: Query, kind: ListKind[Row], facts: Facts) -> Selection[Row]:
    """Return the rows that pass all filters, sorted, limited and in groups; a row of several values is in several."""
    tests = list(_tests(query, kind, facts))
    found = [row for row in kind.rows(facts) if all(passes(row) for passes in tests)]
    if kind.arrange:
        kind.arrange(found, query)
    sort_by(found, query.sort or kind.sort, lambda name, row: kind.field(name).sort_value_of(row, facts))
    shown = found[: query.limit] if query.limit else found
    left_out = len(found) - len(shown)
    if not query.group_by:
        return Selection(((None, tuple(shown)),) if shown else (), left_out)
    return Selection(tuple(_groups(kind.field(query.group_by), shown, facts)), left_out)


def _tests(query: Query, kind: ListKind[Row], facts: Facts) -> Iterator[Callable[[Row], bool]]:
    for field in kind.fields:
        if field.filter and (wanted := query.values(field.filter.option)):
            if field.filter.is_day:
                if facts.today is None and any(map(is_relative, wanted)):
                    continue  # ``unknown_names`` tells it
                wanted = tuple(day_from(day, facts.today) if facts.today else day for day in wanted)
            resolved = field.filter.resolved
            yield _test(field, tuple(resolved(value, facts) for value in wanted) if resolved else wanted, facts)


def _test(field: Field[Row], wanted: tuple[str, ...], facts: Facts) -> Callable[[Row], bool]:
    passes = field.filter.passes if field.filter else None
    if passes:
        return lambda row: passes(wanted, row, facts)
    return lambda row: meets(wanted, field.read(row, facts))


def sort_by(records: list[Row], keys: Sequence[SortKey], read: Callable[[str, Row], Any]) -> None:
    """Sort records in place by several keys. ``read(field, record)`` is comparable, or None where it is missing."""
    for key in reversed(keys):
        present = [(read(key.field, record), record) for record in records]
        missing = [record for value, record in present if value is None]
        ordered = [(value, record) for value, record in present if value is not None]
        ordered.sort(key=lambda pair: pair[0], reverse=key.descending)
        records[:] = [*(record for _, record in ordered), *missing]


def _groups(field: Field[Row], rows: Sequence[Row], facts: Facts) -> Iterator[tuple[Group, tuple[Row, ...]]]:
    groups: dict[str, list[Row]] = {}
    written: dict[str, str] = {}
    for row in rows:
        for value in field.values(row, facts) or ("",):
            groups.setdefault(folded(value), []).append(row)
            written.setdefault(folded(value), value)
    keys = [key for key in groups if key]
    if not field.keeps_order:
        keys.sort(key=lambda key: field.order_of(written[key], facts))
    for key in keys:
        yield Group(written[key], field.label_of(written[key], facts)), tuple(groups[key])
    if "" in groups:
        yield Group("", say(field.nothing or nothing_of(field.name))), tuple(groups[""])


def columns_of(query: Query, kind: ListKind[Row], facts: Facts) -> list[Field[Row]]:
    """Return the columns of a list. A column that nothing is known of is left out; without any, the first one stays."""
    if not query.columns:
        return [kind.field(name) for name in kind.columns if name != query.group_by]
    known = {field.name: field for field in (*further_fields(kind, facts), *kind.fields) if field.title}
    return [known[name] for name in query.columns if name in known] or [kind.field(kind.columns[0])]


def further_fields(kind: ListKind[Row], facts: Facts) -> Iterable[Field[Row]]:
    """Return the fields of a list that are known only when all pages have been read."""
    return kind.further_fields(facts) if kind.further_fields else ()


def folded(text: str) -> str:
    """Return a text as values are compared: in lower case, runs of spaces as one."""
    return " ".join(text.casefold().split())


def meets(wanted: Collection[str], values: Iterable[str]) -> bool:
    """Say whether one of the values is wanted."""
    return any(folded(value) in wanted for value in values)


def severity_order(severity: str, facts: Facts) -> tuple[int, str]:
    """Return a key that sorts severities as the site does, the gravest first and unknown ones last."""
    return facts.severity_ranks.get(folded(severity), len(facts.severities)), folded(severity)
