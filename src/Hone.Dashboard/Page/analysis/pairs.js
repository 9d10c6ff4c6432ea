// What two parameters do together, for the pairs whose interaction explains most of a metric.
import { tip } from '../dom.js';
import { axis, base, ramp } from '../theme.js';
import { number, shorten } from '../words.js';
import { inMetric, metricChoice, metrics, nothing, percent, titleOf } from './answers.js';

const withGrids = metrics.filter(metric => metric.grids.length);

export const pairs = {
  id: 'pairs', title: 'What two parameters do together', wide: true, height: width => (width > 900 ? 330 : 330 * 3),
  applies: () => !nothing(),
  empty: () => (withGrids.length ? null : 'No pair of parameters to show: fANOVA finds pairs from two parameters and 8 complete trials on.'),
  choices: [metricChoice(withGrids)],
  draw(colors, chosen, _, width) {
    const metric = metrics[chosen.metric];
    const columns = width > 900 ? metric.grids.length : 1;
    const means = metric.grids.flatMap(grid => grid.cells.map(cell => cell[2])).filter(v => v !== null);
    const [low, high] = [means.reduce((a, b) => Math.min(a, b)), means.reduce((a, b) => Math.max(a, b))];
    const isDark = colors.card.toLowerCase() !== '#ffffff';
    const shades = ramp(isDark);
    const label = (name, labels, more) => axis(colors, {
      type: 'category', data: labels, name: shorten(name, 30), splitLine: { show: false }, ...more,
      axisLabel: { interval: 0, fontSize: 11, ...more.axisLabel, formatter: text => shorten(text, 17) },
    });
    return {
      note: `${titleOf(metric)}: mean in each cell, ${isDark ? 'yellow is better than violet' : 'blue is better than ochre'}. ${metric.grids.map((g, i) => `${g.first} × ${g.second}: the two together explain ${percent(metric.pairs[i])} of the variance beyond what each does by itself`).join('. ')}.`,
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            const grid = metric.grids[p.seriesIndex];
            return tip(`Mean ${inMetric(metric, p.value[2])}`, [[grid.first, grid.firstLabels[p.value[0]]], [grid.second, grid.secondLabels[p.value[1]]], ['trials', number(p.value[3])]]);
          },
        },
        visualMap: { type: 'continuous', show: false, min: low, max: high === low ? low + 1 : high, dimension: 2, inRange: { color: metric.minimize ? shades : [...shades].reverse() } },
        grid: metric.grids.map((_, i) => ({
          left: (i % columns) * (width / columns) + 112, width: width / columns - 130, top: Math.floor(i / columns) * 330 + 28, height: 220,
        })),
        xAxis: metric.grids.map((grid, i) => label(grid.first, grid.firstLabels, { gridIndex: i, nameLocation: 'middle', nameGap: 58, axisLabel: { rotate: 32 } })),
        yAxis: metric.grids.map((grid, i) => label(grid.second, grid.secondLabels, { gridIndex: i, nameLocation: 'end', nameGap: 10, nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -96] } })),
        series: metric.grids.map((grid, i) => ({
          type: 'heatmap', xAxisIndex: i, yAxisIndex: i, data: grid.cells, itemStyle: { borderColor: colors.card, borderWidth: 2, borderRadius: 4 },
        })),
      },
    };
  },
};
