"""Draws SVG."""

import math
from html import escape

COLORS = ("#2f6db3", "#d9752b", "#2e9b73", "#8a56ac", "#b5446e", "#6b7280", "#a08a1c")
INK, FAINT, GRID = "#1f2937", "#6b7280", "#e5e7eb"
FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif\""


class Axis:
    """Turns values into places; `kind` is log, linear or root (which shows 0 and spreads small values)."""

    def __init__(self, low, high, kind, start, end, ticks=None, label=str):
        self._kind, self._start, self._end = kind, start, end
        self.label = label
        self.low, self.high = low, high
        self._from, self._to = self._turn(low), self._turn(high)
        self.ticks = ticks if ticks is not None else self._own_ticks()

    def at(self, value):
        share = (self._turn(value) - self._from) / ((self._to - self._from) or 1)
        return self._start + share * (self._end - self._start)

    def _turn(self, value):
        return math.log10(value) if self._kind == "log" else math.sqrt(max(0, value)) if self._kind == "root" else value

    def _own_ticks(self):
        if self._kind == "log":
            first, last = math.ceil(self._from - 1e-9), math.floor(self._to + 1e-9)
            if last - first < 2:
                tens = range(math.floor(self._from), last + 1)
                return [part * 10.0**power for power in tens for part in (1, 2, 5) if self.low <= part * 10.0**power <= self.high]
            every = max(1, math.ceil((last - first + 1) / 6))
            return [10.0**power for power in range(first, last + 1, every)]
        step = 10 ** math.floor(math.log10((self.high - self.low) / 4 or 1))
        while (self.high - self.low) / step > 6:
            step *= 2 if str(step)[0] != "2" else 2.5
        return [step * i for i in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


class Picture:
    """An SVG that is drawn from back to front."""

    def __init__(self, width, height, title):
        self._width, self._height = width, height
        self._parts = [f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
        self._title = title

    def text(self, x, y, words, size=12, anchor="start", color=INK, weight=400, turn=0):
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}"{turned}>{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, color=GRID, width=1.0, dash=""):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}"{dashed}/>')

    def path(self, places, color, width=1.5, dash=""):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self._parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"{dashed}/>')

    def dot(self, x, y, color, radius=3.2, hollow=False, title=""):
        told = f"<title>{escape(title)}</title>" if title else ""
        fill = f'fill="#ffffff" stroke="{color}" stroke-width="1.6"' if hollow else f'fill="{color}" stroke="#ffffff" stroke-width="0.8"'
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {fill}>{told}</circle>')

    def frame(self, x, y, across, down, x_title="", y_title=""):
        """Grid lines, tick labels and titles of two axes."""
        left, right, top, bottom = x._start, x._end, y._end, y._start
        for tick in y.ticks:
            self.line(left, y.at(tick), right, y.at(tick))
            if across:
                self.text(left - 6, y.at(tick) + 4, y.label(tick), 11, "end", FAINT)
        for tick in x.ticks:
            self.line(x.at(tick), bottom, x.at(tick), bottom + 4, FAINT)
            if down:
                self.text(x.at(tick), bottom + 17, x.label(tick), 11, "middle", FAINT)
        self.line(left, bottom, right, bottom, FAINT)
        if x_title:
            self.text((left + right) / 2, bottom + 36, x_title, 12, "middle", INK)
        if y_title:
            self.text(left - 52, (top + bottom) / 2, y_title, 12, "middle", INK, turn=-90)

    def legend(self, x, y, entries):
        """(words, color) side by side."""
        for words, color in entries:
            self.dot(x, y - 4, color, 4.5)
            self.text(x + 9, y, words, 12)
            x += 26 + 7 * len(words)

    def svg(self):
        body = "\n".join(self._parts)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {self._height}" width="{self._width}" height="{self._height}" '
                f'role="img" aria-label="{escape(self._title, quote=True)}" {FONT}>\n<title>{escape(self._title)}</title>\n{body}\n</svg>\n')


def seconds(value):
    """A time in words."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def megabytes(value):
    return f"{value:,.0f} MB"


def powers(value):
    """A batch size, short."""
    return f"{value / 1024:.0f}k" if value >= 1024 else f"{value:.0f}"


def _bounds(values, factor):
    return min(values) / factor, max(values) * factor


def panels(title, subtitle, groups, x_title, y_title, label, colors, fits=None):
    """Panels side by side, both axes logarithmic. groups: name → series name → (x, y, half-width); fits: the same → function."""
    names = list(groups)
    wide, left, top, gap, high = 250, 78, 84, 26, 260
    across = min(len(names), 3)
    rows = -(-len(names) // across)
    picture = Picture(left + across * (wide + gap) + 4, top + rows * (high + 74), title)
    picture.text(20, 30, title, 17, weight=600)
    picture.text(20, 50, subtitle, 12, color=FAINT)
    series = list(dict.fromkeys(name for group in groups.values() for name in group))
    picture.legend(26, 72, [(name, colors[name]) for name in series])
    everything = [value for group in groups.values() for points in group.values() for _, value, _ in points if value > 0]
    low, high_value = _bounds(everything or [1.0], 1.4)
    for place, name in enumerate(names):
        column, row = place % across, place // across
        start, up = left + column * (wide + gap), top + row * (high + 74) + 24
        sizes = [x for points in groups[name].values() for x, _, _ in points]
        x = Axis(min(sizes) / 1.3, max(sizes) * 1.3, "log", start, start + wide, [s for s in (2, 16, 128, 1024, 8192, 65536) if min(sizes) <= s <= max(sizes)], powers)
        y = Axis(low, high_value, "log", up + high - 24, up, label=label)
        picture.text(start, up - 8, name, 13, weight=600)
        picture.frame(x, y, column == 0, True, x_title, y_title if column == 0 else "")
        for learner, points in groups[name].items():
            color = colors[learner]
            fitted = (fits or {}).get(name, {}).get(learner)
            if fitted:
                steps = [10 ** (math.log10(min(sizes)) + i * math.log10(max(sizes) / min(sizes)) / 60) for i in range(61)]
                picture.path([(x.at(size), y.at(fitted(size))) for size in steps if low <= fitted(size) <= high_value], color)
            else:
                picture.path([(x.at(size), y.at(value)) for size, value, _ in points if value > 0], color, 1, "3 3")
            for size, value, half in points:
                if value > 0:
                    if half and value - half > low:
                        picture.line(x.at(size), y.at(value - half), x.at(size), y.at(min(value + half, high_value)), color, 1.2)
                    picture.dot(x.at(size), y.at(value), color, title=f"{name}, {learner}, batch {size}: {label(value)}")
    return picture.svg()


def saving_and_regret(title, subtitle, rows, colors, limit):
    """Every rule set by what it saves (percent) and what it loses (percent), the frontier joined and named."""
    picture = Picture(880, 560, title)
    picture.text(20, 30, title, 17, weight=600)
    picture.text(20, 50, subtitle, 12, color=FAINT)
    picture.legend(26, 76, list(colors.items()))
    most = max(2.0, 4 * limit)
    widest = max(row["saved"]["cpu_seconds"] for row in rows)
    right = min(100, 10 * math.ceil((widest + 3) / 10))
    x = Axis(0, right, "linear", 78, 850, [tick for tick in range(0, 101, 10) if tick <= right], lambda v: f"{v:g} %")
    y = Axis(0, most, "root", 500, 136, [tick for tick in (0, 0.05, 0.2, 0.5, 1, 2) if tick <= most], lambda v: f"{v:g} %")
    picture.frame(x, y, True, True, "CPU time saved, mean over data sets", "regret in percent of the score, mean over data sets")
    picture.line(x.at(0), y.at(limit), x.at(right), y.at(limit), "#b91c1c", 1, "5 4")
    picture.text(x.at(right) - 4, y.at(limit) - 6, f"regret {limit:g} %", 11, "end", "#b91c1c")
    picture.text(72, 116, "more", 11, "end", FAINT)
    picture.line(78, 112, 850, 112, GRID, 1, "2 4")
    shown = [row for row in rows if row["regret"] <= most]
    for row in rows:
        if row["regret"] > most:
            told = f"{row['rules']}: saves {row['saved']['cpu_seconds']:.1f} %, regret {row['regret']:.1f} %"
            picture.dot(x.at(row["saved"]["cpu_seconds"]), 112, colors[row["family"]], 3.6, True, told)
    frontier = sorted((row for row in shown if row["frontier"]), key=lambda row: row["saved"]["cpu_seconds"])
    picture.path([(x.at(row["saved"]["cpu_seconds"]), y.at(row["regret"])) for row in frontier], FAINT, 1.2)
    for row in shown:
        told = f"{row['rules']}: saves {row['saved']['cpu_seconds']:.1f} %, regret {row['regret']:.2f} %"
        picture.dot(x.at(row["saved"]["cpu_seconds"]), y.at(row["regret"]), colors[row["family"]], 5 if row["frontier"] else 3.6, not row["frontier"], told)
    last = (-100.0, 0.0)
    for number, row in enumerate(frontier, 1):
        low = y.at(row["regret"])
        place = (x.at(row["saved"]["cpu_seconds"]) + 6, low + 15 if low < 485 else low - 8)
        if math.dist(place, last) < 14:
            continue
        picture.text(*place, str(number), 11, "start", INK, 600)
        last = place
    return picture.svg()
