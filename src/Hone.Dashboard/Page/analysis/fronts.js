// What a better result costs: quality against each cost, with the trials that none beats in both.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, tick } from '../words.js';
import { answers, ends, measured, metricTitle, thinned } from './answers.js';

const all = (answers.fronts ?? []).filter(front => front.points.length);

export const fronts = {
  id: 'fronts', title: 'Quality and what it costs', wide: true, height: 380,
  empty: () => (all.length ? null : 'No cost was measured beside an objective.'),
  choices: [{
    id: 'front', label: 'Show', initial: () => String(Math.max(0, all.findIndex(front => /cpu_seconds$/.test(front.cost)))),
    options: () => all.map((front, i) => ({ value: String(i), text: `${metricTitle(front.quality)} against ${metricTitle(front.cost)}` })),
  }],
  draw(colors, chosen) {
    const front = all[chosen.front];
    const [xs, ys] = [measured(front.cost), measured(front.quality)];
    const rows = xs.map((_, row) => row).filter(row => xs[row] !== null && ys[row] !== null);
    const onFront = front.points.map(([x, y, trial]) => [x, y, trial]);
    const name = { nameTextStyle: { color: colors.soft, fontSize: 12 } };
    return {
      note: [`${front.points.length} of the complete trials are beaten by no other in both`, thinned()].filter(Boolean).join(' · '),
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => (p.value[2] === undefined ? '' : tip(`Trial ${p.value[2]}`, [[metricTitle(front.quality), number(p.value[1])], [metricTitle(front.cost), number(p.value[0])]])),
        },
        grid: { left: 66, right: 24, top: 34, bottom: 48 },
        xAxis: axis(colors, { type: 'value', scale: true, ...ends(xs), name: metricTitle(front.cost), nameLocation: 'middle', nameGap: 28, ...name, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false } }),
        yAxis: axis(colors, {
          type: 'value', scale: true, ...ends(ys), name: metricTitle(front.quality), nameLocation: 'end', nameGap: 12,
          nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -48] }, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false },
        }),
        series: [
          { type: 'scatter', data: rows.map(row => [xs[row], ys[row], answers.trials[row]]), symbolSize: rows.length > 400 ? 4 : 6, itemStyle: { color: colors.complete, opacity: 0.5 } },
          { type: 'line', step: 'end', data: onFront, showSymbol: false, silent: true, lineStyle: { color: colors.best, width: 1.2, opacity: 0.6 } },
          { type: 'scatter', data: onFront, symbolSize: 11, z: 4, itemStyle: { color: colors.complete, borderColor: colors.best, borderWidth: 2 } },
        ],
      },
    };
  },
};
