// What the page holds, and what several of its charts ask of it.
import { number } from '../words.js';

export const answers = JSON.parse(document.getElementById('study').textContent);
export const parameters = answers.parameters ?? [];
export const metrics = answers.metrics ?? [];

const withUnit = (label, unit) => (unit ? `${label} (${unit})` : label);
export const titleOf = metric => withUnit(metric.label, metric.unit);
export const metricTitle = name => {
  const metric = metrics.find(m => m.name === name);
  return metric ? titleOf(metric) : name;
};

export const nothing = () => (!parameters.length ? 'No parameter has taken two values in the complete trials.'
  : !metrics.length ? 'No complete trial has reported a metric.' : null);

export const metricChoice = (list = metrics) => ({
  id: 'metric', label: 'Metric',
  options: () => list.map(metric => ({ value: String(metrics.indexOf(metric)), text: titleOf(metric), group: metric.system ? 'system' : 'learning' })),
});

export const percent = share => `${number(Number((100 * share).toPrecision(3)))} %`;
export const measured = name => (answers.measured ?? []).find(column => column.name === name)?.data ?? [];
export const inMetric = (metric, value) => (metric.unit ? `${number(value)} ${metric.unit}` : number(value));

// The ends of an axis with a little room; the same for a value alone.
export function ends(values) {
  const known = values.filter(v => typeof v === 'number');
  if (!known.length) {
    return {};
  }

  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { min: low - room, max: high + room };
}

export const thinned = () => (answers.stride > 1 ? `every ${answers.stride}th trial is shown` : '');

// A horizontal or vertical interval with its value: [place, value, low, high].
export const interval = (color, upright) => (_, api) => {
  const at = (place, value) => (upright ? api.coord([place, value]) : api.coord([value, place]));
  const [place, value, low, high] = [0, 1, 2, 3].map(i => api.value(i));
  const [from, to, middle] = [at(place, low), at(place, high), at(place, value)];
  const stroke = { stroke: color, lineWidth: 1.6, fill: 'none' };
  return {
    type: 'group',
    children: [
      { type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: stroke },
      { type: 'circle', shape: { cx: middle[0], cy: middle[1], r: 4 }, style: { fill: color } },
    ],
  };
};
