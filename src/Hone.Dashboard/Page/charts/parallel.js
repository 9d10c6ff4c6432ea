// One line a trial through its parameters to the objective; colour tells the objective, stopped trials are faint.
import { columns, finite, quantile, rows, state } from '../study.js';
import { base, ramp } from '../theme.js';
import { columnAt, columnOptions, trialTip } from './shared.js';
import { number, shorten, tick } from '../words.js';

const axisWidth = 96;

function parallelAxis(column, dim, colors) {
  const numbers = column.data.map(finite).filter(v => v !== null);
  const logarithmic = column.log && numbers.every(v => v > 0);
  const kind = column.categories
    ? { type: 'category', data: column.categories.map(c => shorten(c, 14)) }
    : { type: logarithmic ? 'log' : 'value', scale: true, min: column.low ?? undefined, max: column.high ?? undefined };
  return {
    dim, ...kind, name: shorten(column.title, 20), nameLocation: 'end', nameGap: 14,
    nameTextStyle: { color: colors.ink, fontSize: 12, fontWeight: dim === -1 ? 700 : 400 },
    axisLine: { lineStyle: { color: colors.faint } }, axisTick: { show: false },
    axisLabel: { color: colors.ink, fontSize: 11, hideOverlap: true, textBorderColor: colors.card, textBorderWidth: 3, ...(column.categories ? {} : { formatter: tick }) },
    areaSelectStyle: { width: 16, color: colors.accent, opacity: 0.25, borderColor: colors.accent },
  };
}

const values = (row, axes) => axes.map(column => finite(column.data[row]) ?? '-');

export const parallel = {
  id: 'parallel', title: 'Parallel coordinates', wide: true, height: 380,
  empty: () => {
    if (!columns.parameters.length) {
      return 'The study has no parameters.';
    }

    return rows.some(row => finite(columns.objectives[0].data[row]) !== null) ? null : 'No trial has a value of the objective yet.';
  },
  choices: [{ id: 'column', label: 'Colour', options: () => columnOptions(columns.objectives) }],
  minWidth: () => (columns.parameters.length + columns.objectives.length) * axisWidth + 60,
  draw(colors, chosen) {
    const column = columnAt(chosen.column);
    const axes = [...columns.parameters, ...columns.objectives.filter(o => o !== column), column];
    const drawn = rows.filter(row => finite(column.data[row]) !== null && state(row) !== 'Failed');
    const full = drawn.filter(row => state(row) === 'Complete');
    const sorted = (full.length ? full : drawn).map(row => column.data[row]).sort((a, b) => a - b);
    const [low, high] = [quantile(sorted, 0.02), quantile(sorted, 0.9)];
    const ends = column.minimize ? [low, high] : [quantile(sorted, 0.1), quantile(sorted, 0.98)];
    const dark = matchMedia('(prefers-color-scheme: dark)').matches && !document.documentElement.dataset.scheme;
    const colours = column.minimize ? ramp(dark) : [...ramp(dark)].reverse();
    const series = (name, list, look) => ({
      name, type: 'parallel', smooth: 0.15, progressive: 0, inactiveOpacity: 0.04, activeOpacity: look.opacity,
      data: list.map(row => ({ value: values(row, axes), row })), lineStyle: look,
      emphasis: { lineStyle: { width: 3, opacity: 1 } },
    });
    return {
      note: 'Drag along an axis to keep only the trials that pass there.',
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => trialTip(p.data.row) },
        parallel: { left: 46, right: 118, top: 44, bottom: 22 },
        parallelAxis: axes.map((c, i) => parallelAxis(c, i, colors)),
        visualMap: full.length && ends[1] > ends[0] ? {
          type: 'continuous', seriesIndex: 1, dimension: axes.length - 1, min: ends[0], max: ends[1],
          inRange: { color: colours }, right: 4, top: 'middle', itemHeight: 170, itemWidth: 10, text: [number(ends[1]), number(ends[0])], textGap: 6,
          calculable: false, formatter: tick, textStyle: { color: colors.soft, fontSize: 11 },
        } : undefined,
        series: [
          series('Stopped', drawn.filter(row => state(row) !== 'Complete'), { color: colors.waiting, width: 1, opacity: 0.22 }),
          series('Complete', full, { color: colors.complete, width: 1.3, opacity: full.length > 400 ? 0.35 : 0.7 }),
        ],
      },
    };
  },
};
