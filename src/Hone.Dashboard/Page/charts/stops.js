// Which rule stopped how many trials, and what that is estimated to have saved.
import { count, finite, rows, state, study, trials } from '../study.js';
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { duration, number, shorten, tick } from '../words.js';

function byCause() {
  const causes = new Map();
  for (const row of rows.filter(r => state(r) === 'Stopped')) {
    const name = study.rules[trials.rule[row]] || 'unknown';
    const cause = causes.get(name) ?? { name, stops: 0, steps: 0, cpu: 0 };
    cause.stops++;
    cause.steps += finite(trials.savedSteps[row]) ?? 0;
    cause.cpu += finite(trials.savedCpu[row]) ?? 0;
    causes.set(name, cause);
  }

  return [...causes.values()].sort((a, b) => a.stops - b.stops || (a.name < b.name ? 1 : -1));
}

const causes = byCause();
const measures = [
  { value: 'stops', text: 'trials stopped', show: number },
  { value: 'steps', text: 'steps saved (estimate)', show: v => number(Math.round(v)) },
  { value: 'cpu', text: 'CPU time saved (estimate)', show: duration },
].filter(measure => measure.value === 'stops' || causes.some(cause => cause[measure.value] > 0));
const most = 12;

export const stops = {
  id: 'stops', title: 'Stops by rule', height: () => Math.max(150, Math.min(most, causes.length) * 46 + 40),
  empty: () => (causes.length ? null : count ? 'No trial was stopped.' : 'No trial has been proposed yet.'),
  choices: [{ id: 'measure', label: 'Show', options: () => measures }],
  draw(colors, chosen, selected, width) {
    const measure = measures.find(m => m.value === chosen.measure);
    const shown = [...causes].sort((a, b) => a[measure.value] - b[measure.value]).slice(-most);
    return {
      note: causes.length > most ? `The ${most} largest of ${causes.length}.` : '',
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item', formatter: p => tip(shown[p.dataIndex].name, measures.map(m => [m.text, m.show(shown[p.dataIndex][m.value])])),
        },
        grid: { left: 6, right: 20, top: 4, bottom: 26 },
        xAxis: axis(colors, {
          type: 'value', minInterval: measure.value === 'stops' ? 1 : 0, splitNumber: 4, axisLine: { show: false },
          axisLabel: { formatter: measure.value === 'cpu' ? duration : tick },
        }),
        yAxis: axis(colors, { type: 'category', data: shown.map(c => c.name), axisLabel: { show: false }, axisLine: { show: true, lineStyle: { color: colors.faint } } }),
        series: [{
          type: 'bar', data: shown.map(c => c[measure.value]), barWidth: 14, itemStyle: { color: colors.stopped, borderRadius: [0, 4, 4, 0] },
          label: {
            show: true, position: [2, -17], color: colors.ink, fontSize: 12.5,
            formatter: p => `${shorten(shown[p.dataIndex].name, Math.floor(width / 8))}  ${measure.show(p.value)}`,
          },
        }],
      },
    };
  },
};
