"""Slack: the ZIP of a workspace's export, or one day of a channel out of it.

A message stands in ``CHANNEL/YYYY-MM-DD.json`` with its time in seconds since 1970 (``ts``), which is its id within the
channel. People stand in ``users.json``, of an Enterprise organisation in ``org_users.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.core.imports.draft import Draft, LeftOut, SourceError, Text
from sphinx_postmortem.core.imports.files import Source
from sphinx_postmortem.core.imports.gathering import EVERYTHING, Gathered, moment_since_1970
from sphinx_postmortem.core.imports.json_values import child, first_text, items_of, list_of, mapping_of, text_of
from sphinx_postmortem.core.imports.peeking import first_items, refuse_empty
from sphinx_postmortem.core.imports.slack_text import Names, plain_text, shown_text
from sphinx_postmortem.core.records.times import BadTimeError

_DAY = expression(r"(?P<root>(?:.*/)?)(?P<channel>[^/]+)/\d{4}-\d{2}-\d{2}\.json", re.ASCII)
_STAMP = expression(r"\d{9,11}(?:\.\d{1,6})?", re.ASCII)
_PEOPLE_FILES = ("users.json", "org_users.json")
_CHANNEL_FILES = ("channels.json", "groups.json", "dms.json", "mpims.json")

# Kinds of messages that tell nothing of an incident.
_OF_CHANNELS = frozenset(
    [
        "channel_join",
        "channel_leave",
        "channel_name",
        "channel_archive",
        "channel_unarchive",
        "channel_convert_to_private",
    ]
    + ["channel_convert_to_public", "channel_posting_permissions", "group_join", "group_leave", "group_archive"]
    + ["group_unarchive", "group_name", "bot_add", "bot_remove", "bot_enable", "bot_disable", "pinned_item"]
    + ["unpinned_item", "reminder_add", "app_conversation_join", "bot_enabled", "bot_disabled", "joiner_notification"]
    + ["sh_room_created", "sh_room_shared", "huddle_thread", "channel_canvas_updated", "tabbed_canvas_updated"]
)
_OF_EDITS = frozenset(
    ["message_changed", "message_deleted", "message_replied", "tombstone", "thread_broadcast_deleted"]
)
LEFT_CHANNELS = "joins, pins and other changes of the channel"
LEFT_EDITS = "deleted messages, and records of edits"
LEFT_QUIET = "messages that nobody pinned or reacted to"


@dataclass(frozen=True)
class _Channel:
    """A channel: its folder, its id, its name, and the files of its days."""

    folder: str
    id: str
    name: str
    purpose: str
    days: tuple[str, ...] = ()


@dataclass
class _Rules:
    """Which messages are taken, and which of them the public has read."""

    everything: bool
    reactions: frozenset[str]
    public: str
    unknown: dict[str, None] = field(default_factory=dict[str, None])


def recognise(source: Source) -> bool:
    """Say whether a file is a Slack export, or a day of one."""
    if source.is_zip:
        names = [member.name for member in source.members]
        lists = (*_PEOPLE_FILES, *_CHANNEL_FILES)
        return any(name.rpartition("/")[2] in lists for name in names) and any(_DAY.fullmatch(name) for name in names)
    return any(_is_message(item) for item in first_items(source)[:1])


def read(source: Source) -> Sequence[Draft]:
    """Return a draft for each channel from which a message is taken.

    ``channel`` among the other options names one channel, ``reactions`` the reactions that count, ``public`` what the
    public has read: ``pinned``, or the name of a reaction.

    Raises:
        SourceError: the ZIP is damaged, holds no such channel, or no message that is taken.
    """
    others = source.asked.others
    reactions = frozenset(name.strip(" :") for name in others.get("reactions", "").split(",") if name.strip(" :"))
    rules = _Rules(source.asked.everything, reactions, others.get("public", "").strip(" :"))
    if not source.is_zip:
        messages = source.json()
        if not any(map(_is_message, list_of(messages))):
            raise refuse_empty(source, "message of Slack")
        channel = _Channel("", "", "", "", (source.name,))
        return _without_quiet([_read_channel(source, channel, Names({}, {}), rules, {source.name: messages})])
    root = _root(source)
    people = Names(dict(_people(source, root)), {})
    channels = list(_channels(source, root))
    people = Names(people.people, {channel.id: channel.name for channel in channels if channel.id})
    wanted = others.get("channel", "").strip(" #")
    if wanted:
        chosen = [channel for channel in channels if wanted in (channel.name, channel.id, channel.folder)]
        if not chosen:
            names = ", ".join(sorted(channel.name for channel in channels)[:20])
            raise SourceError(f'{source.name}: there is no channel "{wanted}"; there are {names}')
        channels = chosen
    drafts = [_read_channel(source, channel, people, rules) for channel in channels]
    if not drafts:
        raise SourceError(f"{source.name}: the export holds no messages")
    return _without_quiet(drafts)


def _without_quiet(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of channels with a message that is taken; the first counts the messages of the others.

    Raises:
        SourceError: no message is taken at all.
    """
    taken = [draft for draft in drafts if draft.events or draft.unread]
    if not taken:
        count, name = sum(draft.items for draft in drafts), drafts[0].source.partition("#")[0]
        said = f"nobody pinned one of its {count} messages, or reacted to one as asked for"
        raise SourceError(f"{name}: {said}; {EVERYTHING} takes all messages")
    quiet = [draft for draft in drafts if draft not in taken]
    count = sum(draft.items for draft in quiet)
    if count:
        left = LeftOut(f"messages of channels without one that is taken ({', '.join(d.title for d in quiet)})", count)
        taken[0] = replace(taken[0], left_out=(*taken[0].left_out, left), items=taken[0].items + count)
    return taken


def _root(source: Source) -> str:
    """Return the folder within the ZIP in which the export stands: empty, or ending with a slash."""
    for member in source.members:
        if member.name.rpartition("/")[2] in (*_PEOPLE_FILES, *_CHANNEL_FILES):
            return member.name[: -len(member.name.rpartition("/")[2])]
    return ""


def _people(source: Source, root: str) -> Iterator[tuple[str, str]]:
    names = {member.name for member in source.members}
    for file in _PEOPLE_FILES:
        for user in list_of(source.member_json(f"{root}{file}")) if f"{root}{file}" in names else ():
            name = first_text(user, "real_name") or text_of(user, "profile", "real_name")
            name = name or text_of(user, "profile", "display_name") or text_of(user, "name")
            for key in (text_of(user, "id"), text_of(user, "profile", "bot_id")):
                if key and name:
                    yield key, name


def _channels(source: Source, root: str) -> Iterator[_Channel]:
    known: dict[str, Mapping[str, Any]] = {}
    names = {member.name for member in source.members}
    for file in _CHANNEL_FILES:
        for item in list_of(source.member_json(f"{root}{file}")) if f"{root}{file}" in names else ():
            known[text_of(item, "name") or text_of(item, "id")] = mapping_of(item)
    days: dict[str, list[str]] = {}
    for member in source.members:
        match = _DAY.fullmatch(member.name)
        if match and match["root"] == root:
            days.setdefault(match["channel"], []).append(member.name)
    for folder, files in days.items():
        item = known.get(folder, {})
        purpose = text_of(item, "purpose", "value") or text_of(item, "topic", "value")
        yield _Channel(folder, text_of(item, "id"), text_of(item, "name") or folder, purpose, tuple(files))


def _is_message(item: object) -> bool:
    return text_of(item, "type") == "message" and _STAMP.fullmatch(text_of(item, "ts")) is not None


def _read_channel(
    source: Source,
    channel: _Channel,
    names: Names,
    rules: _Rules,
    read_already: Mapping[str, Any] | None = None,
) -> Draft:
    gathered = Gathered("slack", source, channel.id or channel.folder)
    rules.unknown.clear()
    for file in channel.days:
        document = read_already[file] if read_already else source.member_json(file)
        place = file if read_already else f"{source.name}/{file}"
        if not isinstance(document, list):
            gathered.not_read(place, document, "it is no list of messages")
            continue
        for number, message in enumerate(list_of(document), start=1):
            _message(gathered, f"{place}: message {number}", place, message, channel, names, rules)
    if rules.unknown:
        ids = ", ".join(list(rules.unknown)[:10])
        more = f" and {len(rules.unknown) - 10} more" if len(rules.unknown) > 10 else ""
        gathered.say(f"{source.name}: the export does not name the users {ids}{more}; their ids stand in the rows")
    return gathered.draft(title=f"#{channel.name}" if channel.name else "", summary=Text(channel.purpose))


def _message(
    gathered: Gathered, place: str, file: str, message: Any, channel: _Channel, names: Names, rules: _Rules
) -> None:
    subtype = text_of(message, "subtype")
    if subtype in _OF_CHANNELS:
        gathered.leave_out(LEFT_CHANNELS)
    elif subtype in _OF_EDITS or (text_of(message, "deleted_ts") and text_of(message, "type") == "message"):
        gathered.leave_out(LEFT_EDITS)
    elif not _is_message(message):
        gathered.not_read(place, message, "it is no message")
    elif not rules.everything and not _is_marked(message, rules):
        gathered.leave_out(LEFT_QUIET, EVERYTHING)
    else:
        _row(gathered, place, file, message, channel, names, rules)


def _is_marked(message: Mapping[str, Any], rules: _Rules) -> bool:
    if items_of(message, "pinned_to") or child(message, "pinned_info"):
        return True
    given = {text_of(reaction, "name") for reaction in items_of(message, "reactions")}
    return bool(given & rules.reactions if rules.reactions else given)


def _is_public(message: Mapping[str, Any], rules: _Rules) -> bool:
    if rules.public == "pinned":
        return bool(items_of(message, "pinned_to") or child(message, "pinned_info"))
    given = {text_of(reaction, "name") for reaction in items_of(message, "reactions")}
    return bool(rules.public) and rules.public in given


def _row(
    gathered: Gathered,
    place: str,
    file: str,
    message: Mapping[str, Any],
    channel: _Channel,
    names: Names,
    rules: _Rules,
) -> None:
    stamp = text_of(message, "ts")
    try:
        moment = moment_since_1970(stamp)
    except BadTimeError as error:
        gathered.not_read(place, message, str(error))
        return
    written = _text(message)
    used = names.used_in(written)
    person, system = _author(message, names)
    rules.unknown.update(dict.fromkeys(used.unknown))
    if person and person == text_of(message, "user") and not text_of(message, "user_profile", "real_name"):
        rules.unknown[person] = None
    gathered.name(*used.known)
    gathered.row(
        place,
        f"{channel.id or channel.folder}/{stamp}" if channel.folder or channel.id else stamp,
        moment,
        plain_text(written, names),
        markdown=shown_text(written, names),
        notes=_notes(message),
        people=[person],
        systems=[system],
        evidence=_evidence(message, channel, gathered.source, file),
        is_public=_is_public(message, rules),
        item=message,
    )


def _text(message: Mapping[str, Any]) -> str:
    """Return what a message says, in Slack's own markup; what bots say stands in attachments."""
    parts = [text_of(message, "text")]
    for attachment in items_of(message, "attachments"):
        said = text_of(attachment, "fallback")
        if not said or said.startswith("[no preview"):
            said = "\n".join(filter(None, (text_of(attachment, name) for name in ("pretext", "title", "text"))))
        parts.append(said)
    if not any(parts):
        parts += [text_of(block, "text", "text") for block in items_of(message, "blocks")]
    files = [*items_of(message, "files"), message.get("file")]
    shared = [name for each in files if (name := first_text(each, "title", "name"))]
    if shared and not any(parts):
        parts.append(f"File: {', '.join(shared)}")
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _author(message: Mapping[str, Any], names: Names) -> tuple[str, str]:
    """Return the person and the system that wrote a message; one of them is empty."""
    user, bot = text_of(message, "user"), text_of(message, "bot_id")
    own = text_of(message, "username") or text_of(message, "bot_profile", "name")
    if text_of(message, "subtype") == "bot_message" or bot:
        return "", own or names.people.get(bot) or names.people.get(user) or bot or user
    return names.people.get(user) or text_of(message, "user_profile", "real_name") or own or user, ""


def _notes(message: Mapping[str, Any]) -> str:
    notes: list[str] = []
    thread = text_of(message, "thread_ts")
    if thread and thread != text_of(message, "ts"):
        notes.append(f"reply in the thread of {_clock(thread)}")
    edited = text_of(message, "edited", "ts")
    if edited:
        notes.append(f"edited at {_clock(edited)}")
    files = [*items_of(message, "files"), message.get("file")]
    shared = [name for each in files if (name := first_text(each, "title", "name"))]
    if shared and text_of(message, "text"):
        notes.append(f"files: {', '.join(shared)}")
    return "; ".join(notes)


def _clock(stamp: str) -> str:
    try:
        moment = moment_since_1970(stamp)
    except BadTimeError:
        return stamp
    return f"{moment.utc:%Y-%m-%d %H:%M:%S} UTC"


def _evidence(message: Mapping[str, Any], channel: _Channel, source: Source, file: str) -> str:
    """Return a message's address where the export, or the user, names the workspace; else its file."""
    workspace = source.asked.others.get("workspace", "").strip()
    if workspace and channel.id:
        host = workspace if "." in workspace else f"{workspace}.slack.com"
        return f"https://{host}/archives/{channel.id}/p{text_of(message, 'ts').replace('.', '')}"
    return text_of(message, "permalink") or file
