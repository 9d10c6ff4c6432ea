// Rank correlations of one metric with each parameter, with their intervals.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, shorten } from '../words.js';
import { interval, metricChoice, metrics, nothing, parameters } from './answers.js';

export const correlations = {
  id: 'correlations', title: 'Rank correlations', wide: false,
  empty: () => nothing() ?? (metrics.some(m => m.spearman.some(Boolean)) ? null : 'No parameter has an order, or too few trials are complete.'),
  choices: [metricChoice(), { id: 'kind', label: 'By', options: () => [{ value: 'spearman', text: 'Spearman’s ρ' }, { value: 'kendall', text: 'Kendall’s τ' }] }],
  height: () => Math.max(190, parameters.length * 40 + 66),
  draw(colors, chosen) {
    const list = metrics[chosen.metric][chosen.kind];
    const shown = parameters.map((_, i) => i).filter(i => list[i]).sort((a, b) => Math.abs(list[a][0]) - Math.abs(list[b][0]));
    return {
      note: 'With 95 % intervals. Parameters whose values have no order are left out.',
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            const [value, low, high, chance] = list[shown[p.value[0]]];
            return tip(parameters[shown[p.value[0]]].name, [['correlation', number(value)], ['95 % interval', `${number(low)} to ${number(high)}`], ['p', number(chance)]]);
          },
        },
        grid: { left: 130, right: 24, top: 10, bottom: 34 },
        xAxis: axis(colors, { type: 'value', min: -1, max: 1, interval: 0.5 }),
        yAxis: axis(colors, {
          type: 'category', data: shown.map(i => parameters[i].name), splitLine: { show: false }, axisLine: { show: false },
          axisLabel: { interval: 0, formatter: name => shorten(name, 18) },
        }),
        series: [{
          type: 'custom', renderItem: interval(colors.accent, false), encode: { x: [1, 2, 3], y: 0 },
          data: shown.map((i, place) => [place, ...list[i].slice(0, 3)]),
        }],
      },
    };
  },
};
