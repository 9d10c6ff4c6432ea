// What several charts need: the tooltip of a trial, choices of columns, axes of columns, an axis that far values do not flatten.
import { calmRange, columns, finite, reason, state, trials } from '../study.js';
import { tip } from '../dom.js';
import { axis } from '../theme.js';
import { duration, number, shorten, show, tick } from '../words.js';

const parametersInTip = 10;

export function trialTip(row, more = []) {
  const pairs = [...more];
  for (const column of columns.objectives) {
    pairs.push([column.title, number(column.data[row])]);
  }

  const active = columns.parameters.filter(p => p.data[row] !== null);
  for (const column of active.slice(0, parametersInTip)) {
    pairs.push([column.title, show(column, column.data[row])]);
  }

  if (active.length > parametersInTip) {
    pairs.push([`and ${active.length - parametersInTip} more`, '']);
  }

  pairs.push(['steps', number(trials.steps[row])], ['ran for', duration(finite(trials.wall[row]))]);
  return tip(`Trial ${trials.number[row]} · ${state(row).toLowerCase()}`, pairs, reason(row));
}

export const columnOptions = (list, group) => list.map(column => ({ value: column.key, text: column.title, group }));

const all = [...columns.objectives, ...columns.parameters, ...columns.metrics];
export const columnAt = key => all.find(column => column.key === key);

export const scales = [
  { value: 'calm', text: 'fitted' }, { value: 'all', text: 'all values' }, { value: 'log', text: 'logarithmic' },
];

// How the values of an axis are shown: its ends, its kind, and where values beyond its ends go.
export function valueScale(values, chosen) {
  const range = calmRange(values);
  if (!range) {
    return { type: 'value', clamp: value => value, outside: 0 };
  }

  if (chosen === 'log' && range.positive) {
    return { type: 'log', clamp: value => value, outside: 0 };
  }

  if (chosen !== 'calm' || !range.flattened) {
    return { type: 'value', clamp: value => value, outside: 0 };
  }

  const [min, max] = [range.calmLow, range.calmHigh];
  return {
    type: 'value', min, max,
    clamp: value => (value === null ? null : Math.min(max, Math.max(min, value))),
    outside: values.filter(v => v !== null && (v < min || v > max)).length,
  };
}

export function valueAxis(colors, name, scale, more = {}) {
  return axis(colors, {
    type: scale.type, min: scale.min, max: scale.max, scale: true, name, nameLocation: 'end', nameMoveOverlap: false, nameGap: 14,
    nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -34] },
    ...more, axisLabel: { formatter: tick, ...more.axisLabel },
  });
}

// Equal categories would lie on one line; a fixed sequence spreads them, so that the same study always looks the same.
export const spread = row => (((row + 1) * 0.6180339887) % 1 - 0.5) * 0.5;

export function columnAxis(colors, column, more = {}) {
  if (column.categories) {
    const last = column.categories.length - 1;
    return axis(colors, {
      type: 'value', min: -0.6, max: last + 0.6, interval: 1, ...more, splitLine: { show: false },
      axisLabel: {
        customValues: column.categories.map((_, i) => i), formatter: value => shorten(column.categories[Math.round(value)] ?? '', 14),
        ...more.axisLabel,
      },
    });
  }

  const logarithmic = column.log || more.log;
  return axis(colors, {
    type: logarithmic ? 'log' : 'value', scale: true,
    min: column.low ?? undefined, max: column.high ?? undefined, ...more, axisLabel: { formatter: tick, ...more.axisLabel },
  });
}

export const plotted = (column, row) => {
  const value = finite(column.data[row]);
  return value === null || !column.categories ? value : value + spread(row);
};
