"""Charts as SVG or PNG, drawn on the server: no script reaches the page.

Colours are of Okabe and Ito's set, which colour-blind people can tell apart; whatever a colour
says is said by a place or a word as well.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import vl_convert

from analysis.class_figures import Figure

INK, LINE, DOT, LABEL = "#1b2524", "#b8c2be", "#0072b2", "#ffffff"
SIDES = {
    "1": "#d55e00",
    "unacceptable": "#d55e00",
    "unclear": "#d55e00",
    "2": "#e69f00",
    "3": "#bbbbbb",
    "depends": "#888888",
    "4": "#56b4e9",
    "5": "#0072b2",
    "acceptable": "#0072b2",
    "clear": "#0072b2",
    "cant_say": "#eeeeee",
    "hidden": "#ffffff",
}


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A case on the map; both values from 0 to 1."""

    number: int
    title: str
    clear: float | None
    spread: float | None


@lru_cache(maxsize=64)
def grey_map(points: tuple[MapPoint, ...]) -> str:
    """The map of grey as SVG: cases by how clear the rule is and how far stances lie apart."""
    return _svg(_map(points))


@lru_cache(maxsize=64)
def grey_map_png(points: tuple[MapPoint, ...]) -> bytes:
    """The same as PNG, at twice the size."""
    return bytes(vl_convert.vegalite_to_png(_map(points), scale=2))


def stances(title: str, figure: Figure, labels: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """One figure as bars in the order of the labels; hidden answers in a bar of their own."""
    rows = [
        {"answer": label, "people": cell.value, "colour": SIDES[point]}
        for point, label in labels
        if (cell := figure.cells.get(point)) is not None and cell.value is not None
    ]
    hidden = (figure.people.value or 0) - sum(int(str(row["people"])) for row in rows)
    if hidden:
        rows.append({"answer": "hidden", "people": hidden, "colour": SIDES["hidden"]})
    base = alt.Chart(_data(rows), title=title).encode(
        y=alt.Y("answer:N", sort=None, title=None),
        x=alt.X("people:Q", title="People", axis=alt.Axis(tickMinStep=1)),
    )
    bars = base.mark_bar(stroke=INK).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=4, color=INK).encode(text="people:Q")
    return _styled((bars + words).properties(width=420))


def svg_of(spec: dict[str, Any]) -> str:
    """A chart's SVG."""
    return _svg(spec)


def png_of(spec: dict[str, Any]) -> bytes:
    """A chart's PNG, at twice the size."""
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _map(points: tuple[MapPoint, ...]) -> dict[str, Any]:
    rows = [
        {
            "number": str(point.number),
            "title": point.title,
            "clear": point.clear,
            "spread": point.spread,
        }
        for point in points
    ]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X(
            "clear:Q",
            title="Found the rule clear",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%", tickCount=5),
        ),
        y=alt.Y("spread:Q", title="Spread of stances", scale=alt.Scale(domain=[0, 1])),
    )
    dots = base.mark_circle(size=420, color=DOT, opacity=1)
    numbers = base.mark_text(color=LABEL, fontWeight="bold").encode(text="number:N")
    corners: tuple[tuple[float, float, Literal["left", "right"], str], ...] = (
        (0.02, 0.97, "left", "grey: unclear, and divided"),
        (0.02, 0.03, "left", "unclear, yet of one mind"),
        (0.98, 0.97, "right", "clear, yet divided"),
        (0.98, 0.03, "right", "settled"),
    )
    words = [
        alt.Chart(_data([{"clear": clear, "spread": spread, "text": text}]))
        .mark_text(align=side, color="#53605d")
        .encode(x="clear:Q", y="spread:Q", text="text:N")
        for clear, spread, side, text in corners
    ]
    return _styled(alt.layer(*words, dots, numbers).properties(width=420, height=320))


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.InlineData(values=rows)


def _styled(chart: Any) -> dict[str, Any]:
    styled = (
        chart.configure_view(stroke=LINE)
        .configure_axis(labelColor=INK, titleColor=INK, gridColor="#e6eae8", labelLimit=260)
        .configure_title(color=INK, anchor="start")
        .properties(background="#ffffff", padding=8)
    )
    return dict(styled.to_dict())


def _svg(spec: dict[str, Any]) -> str:
    return str(vl_convert.vegalite_to_svg(spec))
