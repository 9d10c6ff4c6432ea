// What each parameter does to a metric on average, with intervals: a small chart a parameter.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, shorten, tick } from '../words.js';
import { ends, inMetric, interval, metricChoice, metrics, nothing, parameters, titleOf } from './answers.js';

const cell = { width: 300, height: 216 };
const across = width => Math.max(1, Math.min(parameters.length, Math.floor(width / cell.width)));

// A numeric part lies in its middle on the parameter's own scale; levels lie side by side.
function place(parameter, bin) {
  return !parameter.numeric ? bin[1] : parameter.log && bin[1] > 0 ? Math.sqrt(bin[1] * bin[2]) : (bin[1] + bin[2]) / 2;
}

function across1(colors, parameter, index) {
  const name = { gridIndex: index, name: shorten(parameter.name, 34), nameLocation: 'middle', nameGap: 25 };
  return parameter.numeric
    ? axis(colors, { ...name, type: parameter.log ? 'log' : 'value', scale: true, splitNumber: 4, axisLabel: { formatter: tick } })
    : axis(colors, {
      ...name, type: 'value', min: -0.5, max: parameter.levels.length - 0.5, interval: 1, splitLine: { show: false },
      axisLabel: { customValues: parameter.levels.map((_, i) => i), formatter: value => shorten(parameter.levels[Math.round(value)] ?? '', 12) },
    });
}

export const effects = {
  id: 'effects', title: 'What each parameter does', wide: true, empty: nothing, choices: [metricChoice()],
  height: width => Math.ceil(parameters.length / across(width)) * cell.height + 8,
  draw(colors, chosen, _, width) {
    const metric = metrics[chosen.metric];
    const columns = across(width);
    const range = ends(metric.marginals.flat().flatMap(bin => (bin[3] > 1 ? [bin[4], bin[5], bin[6]] : [bin[4]])));
    const inside = value => Math.min(range.max ?? value, Math.max(range.min ?? value, value));
    return {
      note: `${titleOf(metric)}: mean over the trials in each part of a parameter’s range, whatever the others are, with 95 % intervals`,
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            const bin = metric.marginals[p.value[4]]?.[p.value[5]];
            return bin ? tip(`${parameters[p.value[4]].name}: ${bin[0]}`, [
              ['mean', inMetric(metric, bin[4])], ['95 % interval', bin[3] > 1 ? `${number(bin[5])} to ${number(bin[6])}` : 'one trial'], ['trials', number(bin[3])],
            ]) : '';
          },
        },
        grid: parameters.map((_, i) => ({
          left: (i % columns) * (width / columns) + 52, width: width / columns - 68, top: Math.floor(i / columns) * cell.height + 14, height: cell.height - 66,
        })),
        xAxis: parameters.map((parameter, i) => across1(colors, parameter, i)),
        yAxis: parameters.map((_, i) => axis(colors, { gridIndex: i, type: 'value', ...range, splitNumber: 3, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false } })),
        series: parameters.flatMap((parameter, i) => {
          const points = metric.marginals[i].map((bin, j) => [place(parameter, bin), bin[4], inside(bin[5]), inside(bin[6]), i, j]);
          return [
            ...(parameter.numeric ? [{
              type: 'line', xAxisIndex: i, yAxisIndex: i, data: points.map(p => [p[0], p[1]]), showSymbol: false, silent: true,
              lineStyle: { color: colors.accent, width: 1, opacity: 0.5 },
            }] : []),
            { type: 'custom', xAxisIndex: i, yAxisIndex: i, renderItem: interval(colors.accent, true), encode: { x: 0, y: [1, 2, 3] }, data: points },
          ];
        }),
      },
    };
  },
};
