"""How often the rules about causes and blame are right: ``python -m benchmarks.cause_sentences``.

The sentences in ``cause_sentences.tsv`` are our own, after the manner of published postmortems. Each is labelled: a
fault alone, or one with a control that was missing or failed. The rules were written on one half of them; which half,
the SHA-256 of each sentence decides. Those in ``cause_sentences_later.tsv`` were written afterwards, in nine sets,
each before the rules were looked at again. ``blame_sentences.tsv`` holds sentences of running text, in five such sets.
"""

from __future__ import annotations

import hashlib
import sys
from functools import partial
from pathlib import Path

from sphinx_postmortem.core.checks import Settings, check_page, run_page

FILE = Path(__file__).with_suffix(".tsv")
LATER = FILE.with_name("cause_sentences_later.tsv")
BLAME = FILE.with_name("blame_sentences.tsv")
OF_BLAME = ("blame-person", "blame-hindsight", "blame-word")
RULES = ("human-error", "cause-fault")


def sentences() -> list[tuple[bool, bool, str]]:
    """Return each sentence with whether it is of the unseen half, and whether it names a fault alone."""
    found: list[tuple[bool, bool, str]] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t")
        found.append((hashlib.sha256(text.encode()).digest()[0] % 2 == 1, label == "fault", text))
    return found


def is_found(text: str) -> bool:
    """Say whether a rule finds a root cause of this text wanting."""
    page = check_page("page.md", f":::{{root-cause}}\n{text}\n:::\n", Settings())
    page.forced = True
    return any(finding.code in RULES for finding in run_page(page))


def later() -> tuple[int, int, int, list[str]]:
    """Return the same as ``measure`` for the sentences that were written later."""
    found = [(line.split("\t")[0] == "fault", line.split("\t")[1]) for line in LATER.read_text("utf-8").splitlines()]
    said = [(is_fault, is_found(text), text) for is_fault, text in found]
    right = sum(is_fault and told for is_fault, told, _ in said)
    false = [f"false alarm: {text}" for is_fault, told, text in said if told and not is_fault]
    missed = [f"missed: {text}" for is_fault, told, text in said if is_fault and not told]
    return right, len(false), len(missed), [*false, *missed]


def blame() -> tuple[int, int, int, list[str]]:
    """Return the same as ``measure`` for the sentences about blame, each as a paragraph of a page."""
    right, wrong = 0, [0, 0]
    texts: list[str] = []
    for line in BLAME.read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t")
        page = check_page("page.md", f"# Incident\n\n{text}\n", Settings())
        page.forced = True
        found = any(finding.code in OF_BLAME for finding in run_page(page))
        right += found and label == "blame"
        if found != (label == "blame"):
            wrong[label == "blame"] += 1
            texts.append(f"{'missed' if label == 'blame' else 'false alarm'}: {text}")
    return right, wrong[0], wrong[1], texts


def measure(*, unseen: bool) -> tuple[int, int, int, list[str]]:
    """Return right findings, false alarms, misses, and the sentences that were judged wrongly."""
    right, false, missed = 0, 0, 0
    wrong: list[str] = []
    for is_unseen, is_fault, text in sentences():
        if is_unseen is unseen:
            found = is_found(text)
            right += found and is_fault
            false += found and not is_fault
            missed += is_fault and not found
            if found != is_fault:
                wrong.append(f"{'missed' if is_fault else 'false alarm'}: {text}")
    return right, false, missed, wrong


def main() -> None:
    """Print precision and recall of both halves. ``-v`` prints what was judged wrongly, ``--seen`` that of one half."""
    of = {
        "seen": partial(measure, unseen=False),
        "unseen": partial(measure, unseen=True),
        "later": later,
        "blame": blame,
    }
    for name, measured in of.items():
        right, false, missed, wrong = measured()
        precision, recall = right / (right + false), right / (right + missed)
        print(
            f"{name}: {right + false} found, precision {precision:.0%}, recall {recall:.0%} of {right + missed} faults"
        )
        if "-v" in sys.argv and not (name == "unseen" and "--seen" in sys.argv):
            print("\n".join(wrong))


if __name__ == "__main__":
    main()
