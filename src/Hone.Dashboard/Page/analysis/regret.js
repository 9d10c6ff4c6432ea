// What each rule set saves, and what it loses: to the right and low is good.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, shorten, tick } from '../words.js';
import { answers, percent } from './answers.js';

const sets = answers.sets ?? [];
const costs = answers.costs ?? [];
const known = sets.filter(set => set.regret !== null);
const kinds = [
  { value: 'relative', text: 'relative, in percent', of: set => (set.relative === null ? null : 100 * set.relative), unit: ' %', label: 'regret (% of the best)' },
  { value: 'absolute', text: `in ${answers.objective}`, of: set => set.regret, unit: '', label: `regret (${answers.objective})` },
];

// Those that no other beats in saving and in regret, the one that saves most first.
function frontier(points) {
  const front = [];
  for (const point of [...points].sort((a, b) => b.x - a.x || a.y - b.y)) {
    if (!front.length || point.y < front[front.length - 1].y) {
      front.push(point);
    }
  }

  return front;
}

export const regret = {
  id: 'regret', title: 'Saving against regret', wide: true, height: 480,
  empty: () => (known.length && costs.length ? null : 'No rule set leaves a trial to compare: there is no regret to show.'),
  choices: [
    { id: 'cost', label: 'Saving of', initial: () => answers.cost, options: () => costs.map(cost => ({ value: cost.name, text: cost.label })) },
    { id: 'regret', label: 'Regret', initial: () => (known.some(set => set.relative === null) ? 'absolute' : 'relative'), options: () => kinds },
  ],
  draw(colors, chosen) {
    const c = costs.findIndex(cost => cost.name === chosen.cost);
    const kind = kinds.find(k => k.value === chosen.regret);
    const points = sets.filter(set => set.saved[c][1] !== null && kind.of(set) !== null).map(set => ({ set, x: 100 * set.saved[c][1], y: kind.of(set) }));
    const front = frontier(points);
    const most = points.reduce((high, p) => Math.max(high, p.y), 0);
    const lost = sets.length - points.length;
    const value = p => [p.x, p.y, sets.indexOf(p.set)];

    // A name that stood over a point at an edge would be cut off there.
    const inside = p => ({ align: p.x < 25 ? 'left' : p.x > 75 ? 'right' : 'center' });
    return {
      note: ['to the right and low is good; the line joins the rule sets that no other beats in both', lost ? `${lost} without a regret are not shown` : ''].filter(Boolean).join(' · '),
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            const set = sets[p.value[2]];
            return set ? tip(set.rules, [
              ['stopped', `${number(set.stopped)} of ${number(set.trials)} trials`],
              ...costs.map((cost, i) => [`${cost.label} saved`, set.saved[i][1] === null ? '–' : `${number(set.saved[i][0])} ${cost.unit}, ${percent(set.saved[i][1])}`]),
              ['regret', `${number(set.regret)}${set.relative === null ? '' : `, ${percent(set.relative)}`}`],
              ['would have won', number(set.won)],
              ...(set.unknown ? [['end unknown', `${number(set.unknown)} trials`]] : []),
            ]) : '';
          },
        },
        grid: { left: 62, right: 30, top: 34, bottom: 48 },
        xAxis: axis(colors, {
          type: 'value', min: value => Math.min(0, Math.floor(value.min / 10) * 10), max: 100, name: `${costs[c].label} saved (%)`, nameLocation: 'middle', nameGap: 28,
        }),
        yAxis: axis(colors, {
          type: 'value', min: 0, max: most > 0 ? undefined : 1, name: kind.label, nameLocation: 'end', nameGap: 12,
          nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -40] }, axisLabel: { formatter: tick },
        }),
        series: [
          { type: 'scatter', data: points.filter(p => !front.includes(p)).map(value), symbolSize: 9, itemStyle: { color: colors.complete, opacity: 0.6 } },
          { type: 'line', step: 'end', data: front.map(value), showSymbol: false, silent: true, lineStyle: { color: colors.best, width: 1.2, opacity: 0.6 } },
          {
            type: 'scatter', data: front.map(p => ({ value: value(p), label: inside(p) })), symbolSize: 13, z: 4, itemStyle: { color: colors.complete, borderColor: colors.best, borderWidth: 2 },
            label: { show: true, position: 'top', distance: 8, color: colors.ink, fontSize: 12, formatter: p => shorten(sets[p.value[2]].rules, 34) },
            labelLayout: { hideOverlap: true },
          },
        ],
      },
    };
  },
};
