// Which parameters matter for which metric: bars for one metric by both methods, and all metrics at a glance.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { shorten } from '../words.js';
import { metricChoice, metrics, nothing, parameters, percent, titleOf } from './answers.js';

const labelWidth = 130;

export const importance = {
  id: 'importance', title: 'Importance of each parameter', wide: false, empty: nothing, choices: [metricChoice()],
  height: () => Math.max(190, parameters.length * 40 + 66),
  draw(colors, chosen) {
    const metric = metrics[chosen.metric];
    const order = parameters.map((_, i) => i).sort((a, b) => metric.fanova[a] - metric.fanova[b] || metric.ped[a] - metric.ped[b]);
    const bars = (name, values, color) => ({
      name, type: 'bar', barWidth: 11, barGap: '25%', itemStyle: { color, borderRadius: [0, 3, 3, 0] },
      data: order.map(i => (100 * values[i])),
      label: { show: true, position: 'right', color: colors.soft, fontSize: 11, formatter: p => (p.value >= 0.5 ? `${name} ${Math.round(p.value)} %` : '') },
    });
    return {
      note: `${metric.trials} trials. fANOVA: share of the variance over the whole space; PED-ANOVA: share in what sets the best tenth apart.`,
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'axis', axisPointer: { type: 'none' },
          formatter: list => tip(parameters[order[list[0].dataIndex]].name, [
            ['fANOVA', percent(metric.fanova[order[list[0].dataIndex]])], ['PED-ANOVA', percent(metric.ped[order[list[0].dataIndex]])],
          ]),
        },
        grid: { left: labelWidth, right: 90, top: 10, bottom: 34 },
        xAxis: axis(colors, { type: 'value', min: 0, max: 100, axisLabel: { formatter: '{value} %' } }),
        yAxis: axis(colors, {
          type: 'category', data: order.map(i => parameters[i].name), splitLine: { show: false },
          axisLabel: { interval: 0, formatter: name => shorten(name, 18) },
        }),
        series: [bars('PED-ANOVA', metric.ped, colors.stopped), bars('fANOVA', metric.fanova, colors.accent)],
      },
    };
  },
};

export const heat = {
  id: 'heat', title: 'Parameters and metrics at a glance', wide: true, empty: nothing,
  applies: () => metrics.length > 1,
  choices: [{ id: 'method', label: 'By', options: () => [{ value: 'fanova', text: 'fANOVA' }, { value: 'ped', text: 'PED-ANOVA' }] }],
  height: () => metrics.length * 27 + 70,
  minWidth: () => parameters.length * 62 + 210,
  draw(colors, chosen) {
    const cells = metrics.flatMap((metric, y) => parameters.map((_, x) => {
      const share = 100 * metric[chosen.method][x];
      return { value: [x, y, share], label: { color: share > 55 ? colors.card : colors.ink } };
    }));
    return {
      note: 'Share of each parameter, in percent; the shares of a metric sum to 100, or are 0 where nothing matters.',
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => tip(titleOf(metrics[p.value[1]]), [[parameters[p.value[0]].name, percent(p.value[2] / 100)]]),
        },
        grid: { left: 190, right: 16, top: 8, bottom: 46 },
        visualMap: { type: 'continuous', show: false, min: 0, max: 100, dimension: 2, inRange: { color: [colors.card, colors.accent] } },
        xAxis: axis(colors, {
          type: 'category', data: parameters.map(p => p.name), splitLine: { show: false }, axisLabel: { interval: 0, formatter: name => shorten(name, 16) },
        }),
        yAxis: axis(colors, {
          type: 'category', inverse: true, data: metrics.map(titleOf), splitLine: { show: false }, axisLabel: { interval: 0, formatter: name => shorten(name, 26) },
        }),
        series: [{
          type: 'heatmap', data: cells, itemStyle: { borderColor: colors.card, borderWidth: 2, borderRadius: 4 },
          label: {
            show: true, fontSize: 11, formatter: p => (p.value[2] >= 0.5 ? Math.round(p.value[2]) : ''),
          },
        }],
      },
    };
  },
};
