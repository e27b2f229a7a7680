"""A site of what authors do not mean to write, and write all the same: long, many, empty, and in other scripts."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

CONF = """\
extensions = ["sphinx_postmortem"]
project = "Bad input"
html_theme = "furo"
postmortem_check_builds = "off"
postmortem_today = "2026-11-24"
"""

LONG_WORD = "platform-and-database-reliability-engineering-of-all-regions-"
TITLE = " ".join(["Certificate of the regional gateway expired"] * 5)[:200]
HEAD = ":date: {date}\n:severity: SEV-{severity}\n:type: Security\n:status: closed\n:tlp: AMBER\n"


def summary(id_: str, date: str = "2026-03-02", severity: int = 1, more: str = "", text: str = "What happened.") -> str:
    return f":::{{incident-summary}} {id_}\n{HEAD.format(date=date, severity=severity)}{more}\n{text}\n:::\n"


def incident(id_: str, title: str, *parts: str) -> str:
    return "\n".join([f"# {id_}: {title}", *parts])


def timeline(rows: list[tuple[str, ...]], *more: str) -> str:
    titles = ["Time (UTC)", "Event", *more]
    lines = [" | ".join(titles), " | ".join(["---"] * len(titles)), *map(" | ".join, rows)]
    return "## Timeline\n\n:::{timeline}\n" + "".join(f"| {line} |\n" for line in lines) + "\n:::\n"


def actions(*rows: tuple[str, ...]) -> str:
    lines = ["ID | Action | Owner | Priority | Due date | Status", "--- | --- | --- | --- | --- | ---"]
    lines += map(" | ".join, rows)
    return "## Actions\n\n:::{action-table}\n" + "".join(f"| {line} |\n" for line in lines) + "\n:::\n"


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (5000, 400), "#336699").save(out, "PNG")
    return out.getvalue()


SIX = ("Milestone", "Notes", "As written", "Evidence", "Source")
IMPACT = "Some customers could not sign in for a while, and some of them wrote to us about it."
IMPACTS = "".join(f":{kind}-impact: {IMPACT * 4}\n" for kind in ("customer", "operational", "regulatory"))

PAGES: dict[str, str | bytes] = {
    "conf.py": CONF,
    "wide.png": picture(),
    "long": incident(
        "SEC-2026-" + "9" * 31,
        TITLE,
        summary("SEC-2026-" + "9" * 31, more=IMPACTS),
        "![Wide](wide.png)\n",
        timeline([("2026-03-02 01:14", "Alert detected: " + "x" * 120)]),
        actions(("A1", "Do " + "y" * 90, LONG_WORD[:60], "P1", "2026-03-20", "open")),
    ),
    "many": incident(
        "SEC-2",
        "Three hundred rows",
        summary("SEC-2"),
        timeline([(f"2026-03-{1 + n // 24:02} {n % 24:02}:00", f"Event {n}", "a note") for n in range(300)], "Notes"),
    ),
    "columns": incident(
        "SEC-3",
        "Many columns",
        summary("SEC-3"),
        timeline(
            [
                (f"2026-03-02 0{n}:14", "The alert was looked at by the team on call, who found nothing.", "", "n")
                + ("2 March, 01:14", "...report-of-the-day.md:24", f"markdown:66319861d{n}")
                for n in range(9)
            ],
            *SIX,
        ),
    ),
    "empty": incident("SEC-4", "Nothing known", summary("SEC-4", text=""), timeline([("unknown", "Somebody called")])),
    "arabic": incident(
        "SEC-5",
        "انتهت صلاحية الشهادة",
        summary("SEC-5", text="انتهت صلاحية شهادة البوابة ولم يتمكن العملاء من تسجيل الدخول."),
        timeline([("2026-03-02 01:14", "تم اكتشاف التنبيه")]),
        actions(("A1", "تجديد الشهادات تلقائيا", "فريق المنصة", "P1", "2026-03-20", "open")),
    ),
    "chinese": incident(
        "SEC-6",
        "区域网关证书过期导致客户无法登录" * 4,
        summary("SEC-6", text="证书在周末过期,客户无法登录。" * 12),
        timeline([("2026-03-02 01:14", "收到告警" * 20)]),
        actions(("A1", "自动更新所有证书" * 8, "平台团队", "P1", "2026-03-20", "open")),
    ),
    "emoji": incident("SEC-7", "🔥 The gateway 🚒", summary("SEC-7", text="All is well ✅ again.")),
    "actions": "# Actions\n\n:::{actions-by-owner}\n:::\n",
    "metrics": "# Metrics\n\n:::{incident-metrics}\n:::\n",
    "index": "# All\n\n:::{incident-list}\n:facets: severity, year\n:::\n\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n",
}
"""By the name of the page, or of a file with a suffix."""


def files(number: int) -> dict[str, str | bytes]:
    """Return the site, with so many incidents of one year on a page of its own."""
    sections = (
        f"## MASS-{n:03}: One of many, {n}\n\n" + summary(f"MASS-{n:03}", f"2026-{12 - n % 12:02}-04", 1 + n % 4)
        for n in range(number)
    )
    mass = {"mass.md": "\n".join(["# Many\n", *sections])}
    return {(name if "." in name else f"{name}.md"): text for name, text in PAGES.items()} | mass


STRUCTURE = """() => {
  const main = document.querySelector('article, [role=main], main') ?? document.body;
  const found = [];
  document.querySelectorAll('.pm-copy').forEach(button => { button.style.display = 'none'; }); // over the edge, unseen
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) found.push(`the page scrolls sideways: ${wide} of ${innerWidth}`);
  const seen = node => node.checkVisibility() && node.getClientRects().length && !node.closest('.pm-unseen, thead, .pm-copy');
  for (const node of main.querySelectorAll('.pm-badge, .pm-tag, .pm-small, h1, h2, h3, .pm-table td, .pm-table th, dd, .pm-look, .pm-facets label')) {
    if (!seen(node) || getComputedStyle(node).display === 'inline') continue;
    if (node.scrollWidth > node.clientWidth + 1 && !node.closest('.pm-dots, .pm-cols, .pm-facets'))
      found.push(`cut: ${node.outerHTML.slice(0, 100)} ${node.scrollWidth} of ${node.clientWidth}`);
  }
  for (const row of main.querySelectorAll('.pm-table tr')) {
    const boxes = [...row.cells].filter(seen).map(cell => cell.getBoundingClientRect());
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        found.push(`cells overlap: ${row.textContent.slice(0, 60)}`);
    }));
  }
  const levels = [...main.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(node => Number(node.tagName[1]));
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) found.push(`heading ${level} below ${levels[i - 1]}`); });
  if (levels[0] !== 1 || levels.filter(level => level === 1).length !== 1) found.push(`headings ${levels}`);
  for (const table of main.querySelectorAll('.pm-timeline')) {
    const cells = [...table.querySelectorAll('td.pm-col-event')].map(cell => cell.clientWidth);
    if (cells.length && Math.max(...cells) < .4 * table.clientWidth) found.push(`narrow events: ${cells[0]} of ${table.clientWidth}`);
  }
  return found;
}"""
"""What is wrong with the boxes of a page: text that is cut or overlaps, sideways scrolling, headings out of order."""
