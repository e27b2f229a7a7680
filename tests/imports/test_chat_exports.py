"""Slack: which messages are rows, and what becomes of their text."""

from __future__ import annotations

import io
import zipfile

import pytest

from sphinx_postmortem.core.imports.draft import SourceError
from tests.imports.export_samples import kind_of, source_of
from tests.imports.slack_samples import SLACK_MESSAGES, slack_zip

SLACK = kind_of("slack")


def one(tmp_path, data=None, **asked):
    (draft,) = SLACK.read(source_of(tmp_path, "export.zip", data or slack_zip(), **asked))
    return draft


def message(text, number=1, **more):
    return {
        "type": "message",
        "user": "U1",
        "text": text,
        "ts": f"177241{number:04}.000100",
        "pinned_to": ["C1"],
        **more,
    }


def test_pinned_and_reacted_messages_are_rows_and_the_others_are_counted(tmp_path):
    draft = one(tmp_path)
    assert [event.key for event in draft.events] == [
        "slack:C1/1772410440.000200",
        "slack:C1/1772410500.000300",
        "slack:C1/1772410600.000400",
    ]
    assert {left.what: left.count for left in draft.left_out} == {
        "joins, pins and other changes of the channel": 1,
        "deleted messages, and records of edits": 1,
        "messages that nobody pinned or reacted to": 1,
    }


def test_reactions_may_be_named(tmp_path):
    draft = one(tmp_path, others={"reactions": ":eyes:, x"})
    assert [event.event.written for event in draft.events] == ["revoked", "Deploy 7 is out"]


def test_people_and_channels_have_their_names_and_links_are_links(tmp_path):
    event = one(tmp_path).events[0]
    assert event.event.is_markdown
    assert event.event.written == "@Bo Fern the token [ci-pub-7](https://ci.example/t?a=1&b=2) leaked in \\#builds"
    assert event.who == ("Ada Quill",)


def test_a_reply_names_its_thread_and_an_edit_its_time(tmp_path):
    assert one(tmp_path).events[1].notes.written == (
        "reply in the thread of 2026-03-02 00:14:00 UTC; edited at 2026-03-02 00:16:00 UTC"
    )


def test_users_whom_the_export_does_not_name_keep_their_id_and_are_said(tmp_path):
    draft = one(tmp_path)
    assert draft.events[1].who == ("U9",)
    assert any("does not name the users U9" in sentence for sentence in draft.said)


def test_people_of_an_enterprise_organisation_are_named(tmp_path):
    assert one(tmp_path, slack_zip(people="org_users.json")).events[0].who == ("Ada Quill",)


def test_a_bot_is_named_and_is_no_person(tmp_path):
    draft = one(tmp_path)
    assert draft.events[2].who == ("deploy",)
    assert "deploy" not in draft.names


def test_a_permalink_needs_the_name_of_the_workspace(tmp_path):
    assert one(tmp_path).events[0].evidence == "export.zip/inc-14/2026-03-02.json"
    named = one(tmp_path, others={"workspace": "acme"}).events[0].evidence
    assert named == "https://acme.slack.com/archives/C1/p1772410440000200"


@pytest.mark.parametrize(("rule", "texts"), [("pinned", ["revoked"]), (":eyes:", ["Deploy 7 is out"]), ("", [])])
def test_a_rule_of_the_site_says_which_messages_are_public(rule, texts, tmp_path):
    draft = one(tmp_path, others={"public": rule})
    assert [event.event.written for event in draft.events if event.is_public] == texts


def test_a_long_message_stands_below_the_table_whole(tmp_path):
    draft = one(tmp_path, slack_zip([message("first line\n```\ncode | x\n```")]))
    assert draft.events[0].event.written == "first line"
    assert draft.events[0].detail.written == "first line\n```\ncode | x\n```"


def test_markup_in_a_message_with_a_link_is_escaped(tmp_path):
    draft = one(tmp_path, slack_zip([message("{incident}`X` &lt;b&gt; <https://a.example|*x*> :::{audience} public")]))
    assert draft.events[0].event.written == (
        "\\{incident\\}\\`X\\` \\<b\\> [\\*x\\*](https://a.example) \\:::\\{audience\\} public"
    )


def test_a_channel_without_a_marked_message_is_counted(tmp_path):
    more = {"random/2026-03-02.json": b'[{"type": "message", "user": "U1", "text": "hi", "ts": "1772410000.000001"}]'}
    draft = one(tmp_path, slack_zip(more=more))
    assert ("messages of channels without one that is taken (#random)", 1) in [
        (x.what, x.count) for x in draft.left_out
    ]


def test_a_channel_may_be_named_and_an_unknown_one_is_refused(tmp_path):
    assert one(tmp_path, others={"channel": "#inc-14"}).title == "#inc-14"
    with pytest.raises(SourceError, match='no channel "inc-15"; there are inc-14'):
        one(tmp_path, others={"channel": "inc-15"})


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    data = io.BytesIO(slack_zip())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inc-14/2026-03-03.json", b"[" + b" " * 5_000_000 + b"]")
    with pytest.raises(SourceError, match="ZIP bomb"):
        one(tmp_path, data.getvalue())


def test_a_day_that_is_no_json_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"export\.zip: inc-14/2026-03-03\.json:1"):
        one(tmp_path, slack_zip(more={"inc-14/2026-03-03.json": b"[{]"}))


def test_a_day_out_of_an_export_is_read_without_names(tmp_path):
    (draft,) = SLACK.read(source_of(tmp_path, "2026-03-02.json", SLACK_MESSAGES))
    assert [event.who for event in draft.events] == [("U1",), ("U9",), ("deploy",)]


def test_thousands_of_messages_are_read(tmp_path):
    many = [message(f"m {n}", ts=f"{1772410000 + n}.000100") for n in range(5_000)]
    assert len(one(tmp_path, slack_zip(many)).events) == 5_000


def test_an_export_without_a_marked_message_makes_no_empty_page(tmp_path):
    quiet = [{"type": "message", "user": "U1", "text": "hi", "ts": "1772410000.000001"}]
    with pytest.raises(SourceError, match=r"export\.zip: nobody pinned one of its 1 messages.*--everything"):
        one(tmp_path, slack_zip(quiet))
    assert len(one(tmp_path, slack_zip(quiet), everything=True).events) == 1
