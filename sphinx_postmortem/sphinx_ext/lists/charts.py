"""Charts, drawn by matplotlib (the extra ``charts``): the same bytes for the same numbers, with no date in them."""

from __future__ import annotations

import importlib.util
import io
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sphinx_postmortem.core.dataclass_on_demand import dataclass
from sphinx_postmortem.core.language.texts import later, say
from sphinx_postmortem.core.records.tones import INKS, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCHES = (8.0, 3.0)
_ROW_INCHES = 0.55
_DPI = 200
_LEAST_PLACES = 6  # there is room for so many bars, so that a single one is a bar and no wall
_LINE = 75  # characters that stand side by side below the bars
# The hatch says the same as the colour, which goes by the name of what is counted.
_HATCHES = ("", "///", "xx", "--", "\\\\\\", "++")
TICKS: Mapping[int, str] = {
    60: later("1 min"),
    600: later("10 min"),
    3600: later("1 h"),
    21600: later("6 h"),
    86400: later("1 d"),
    604800: later("7 d"),
    2592000: later("30 d"),
    31536000: later("1 year"),
}


@dataclass(frozen=True)
class Bars:
    """Stacked bars: a bar for each label, and for each series its name, its tone, and a number for each bar."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, Tone, tuple[int, ...]], ...]
    axis: str


@dataclass(frozen=True)
class ChartSpan:
    """A row of a chart of times: its name, median and 90th percentile in seconds, and both as texts."""

    label: str
    median: float
    ninetieth: float
    median_text: str
    ninetieth_text: str


INK, GROUND = "#24292f", "#ffffff"


def can_draw() -> bool:
    """Say whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(chart: Bars | Sequence[ChartSpan]) -> bytes:
    """Return a chart as a PNG file.

    Raises:
        OSError, RuntimeError, ValueError: matplotlib cannot draw it.
    """
    from matplotlib import rc_context, rcdefaults, rcParams
    from matplotlib.figure import Figure

    with rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A glyph that the font lacks; the table below holds every name.
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # It tells what it caches.
        rcdefaults()  # A style file of the user's own would change the output.
        rcParams["hatch.linewidth"] = 0.8
        for name in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"):
            rcParams[name] = INK
        height = _INCHES[1] if isinstance(chart, Bars) else 1.0 + _ROW_INCHES * len(chart)
        figure = Figure(figsize=(_INCHES[0], height), layout="constrained", facecolor=GROUND)
        axes = figure.add_subplot()
        axes.set_facecolor("none")
        axes.spines[["top", "right"]].set_visible(False)
        if isinstance(chart, Bars):
            _draw_bars(figure, axes, chart)
        else:
            _draw_spans(axes, chart)
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
        return file.getvalue()


def _draw_bars(figure: Figure, axes: Axes, chart: Bars) -> None:
    from matplotlib.ticker import MaxNLocator

    places = range(len(chart.labels))
    below = [0] * len(chart.labels)
    for index, (name, tone, numbers) in enumerate(chart.series):
        fill, hatch = INKS[tone].fill, _HATCHES[index % len(_HATCHES)]
        bars = axes.bar(places, numbers, 0.7, below, color=fill, edgecolor=GROUND, hatch=hatch, label=name)
        texts = [str(number) if number else "" for number in numbers]
        boxes = {"boxstyle": "round,pad=0.15", "facecolor": GROUND, "edgecolor": "none"}
        if len(chart.labels) <= 16:
            axes.bar_label(bars, texts, label_type="center", fontsize=8, color=INK, bbox=boxes)
        below = [first + second for first, second in zip(below, numbers, strict=True)]
    for label in [text for text in axes.texts if not text.get_text()]:
        label.remove()
    names = [label.replace(" ", "\n") for label in chart.labels]
    is_narrow = len(names) * max(len(line) for name in names for line in name.splitlines() or [""]) > _LINE
    axes.set_xticks(list(places), names, rotation=90 if is_narrow else 0)
    axes.set_ylabel(chart.axis)
    if len(names) < _LEAST_PLACES:
        axes.set_xlim(-0.6, _LEAST_PLACES - 0.4)
    axes.set_ylim(0, max([*below, 1]) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    figure.legend(loc="outside right upper", frameon=False, handlelength=2.2, handleheight=1.2)


def _draw_spans(axes: Axes, spans: Sequence[ChartSpan]) -> None:
    places = list(range(len(spans)))[::-1]
    for place, span in zip(places, spans, strict=True):
        first, last = max(span.median, 60), max(span.ninetieth, 60)  # a logarithm has no zero
        axes.plot([first, last], [place, place], color=INK, linewidth=1.2, zorder=1)
        axes.plot([first], [place], "o", color=INKS[Tone.INFORMATION].fill, markeredgecolor=INK, markersize=9)
        axes.plot([last], [place], "D", color=INKS[Tone.WARNING].fill, markeredgecolor=INK, markersize=8)
        axes.annotate(
            say("median {time}", time=span.median_text), (first, place), (0, 9), textcoords="offset points", fontsize=8
        )
        axes.annotate(
            say("90th percentile {time}", time=span.ninetieth_text),
            (last, place),
            (0, -16),
            textcoords="offset points",
            fontsize=8,
            ha="right",
        )
    axes.set_xscale("log")
    lowest, highest = min(max(s.median, 60) for s in spans), max(max(s.ninetieth, 60) for s in spans)
    axes.set_xlim(lowest / 3, highest * 3)
    ticks = {seconds: say(text) for seconds, text in TICKS.items() if lowest / 3 <= seconds <= highest * 3}
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.minorticks_off()
    axes.set_yticks(places, [span.label for span in spans])
    axes.set_ylim(-0.7, len(spans) - 0.3)
