// Each trial's value in the order of proposal, the best so far as a line, trials without a value at the axis.
import { best, columns, count, finite, rows, state, trials } from '../study.js';
import { shapes } from '../theme.js';
import { axis, base } from '../theme.js';
import { columnAt, columnOptions, scales, trialTip, valueAxis, valueScale } from './shared.js';

function bestSoFar(column, clamp) {
  const line = [];
  let now = null;
  for (const row of rows) {
    const value = finite(column.data[row]);
    if (trials.counts[row] && value !== null && (now === null || (column.minimize ? value < now : value > now))) {
      now = value;
      line.push([trials.number[row], clamp(now)]);
    }
  }

  return now === null ? [] : [...line, [trials.number[count - 1], clamp(now)]];
}

function marks(column, scale, colors, name) {
  const data = rows.filter(row => state(row) === name && finite(column.data[row]) !== null)
    .map(row => [trials.number[row], scale.clamp(column.data[row]), row]);
  return {
    name, type: 'scatter', data, symbol: shapes[name], symbolSize: count > 1500 ? 4 : count > 300 ? 6 : 8,
    itemStyle: { color: colors.of(name), opacity: name === 'Complete' ? 0.85 : 0.75 }, emphasis: { scale: 1.6 },
  };
}

export const history = {
  id: 'history', title: 'Optimization history', wide: true, height: 330,
  keys: ['Complete', 'Stopped', 'Failed', 'Running', 'bestSoFar'],
  empty: () => (count ? null : 'No trial has been proposed yet.'),
  choices: [
    { id: 'column', label: 'Objective', options: () => columnOptions(columns.objectives) },
    { id: 'scale', label: 'Scale', options: () => scales },
  ],
  draw(colors, chosen) {
    const column = columnAt(chosen.column);
    const valued = rows.filter(row => state(row) !== 'Failed').map(row => finite(column.data[row]));
    const scale = valueScale(valued, chosen.scale);
    const failed = rows.filter(row => state(row) === 'Failed').map(row => [trials.number[row], 0, row]);
    const crown = best >= 0 && finite(column.data[best]) !== null ? [[trials.number[best], scale.clamp(column.data[best]), best]] : [];
    return {
      note: scale.outside ? `${scale.outside} far values are drawn at the edge.` : '',
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => (p.value[2] === undefined ? '' : trialTip(p.value[2])) },
        grid: { left: 58, right: 18, top: 34, bottom: 42 },
        xAxis: axis(colors, {
          type: 'value', min: 0, max: count + Math.max(1, Math.ceil(count * 0.01)), minInterval: 1, name: 'trial', nameLocation: 'middle',
          nameGap: 27, splitLine: { show: false },
        }),
        yAxis: [valueAxis(colors, column.title, scale), { type: 'value', min: 0, max: 1, show: false }],
        series: [
          ...['Stopped', 'Running', 'Complete'].map(name => marks(column, scale, colors, name)),
          { name: 'Failed', type: 'scatter', yAxisIndex: 1, data: failed, symbol: shapes.Failed, symbolSize: 8, clip: false, itemStyle: { color: colors.failed } },
          {
            name: 'best so far', type: 'line', step: 'end', data: bestSoFar(column, scale.clamp), showSymbol: false, silent: true,
            lineStyle: { color: colors.best, width: 1.6 }, z: 3,
          },
          {
            name: 'best', type: 'scatter', data: crown, symbolSize: 15, z: 4,
            itemStyle: { color: 'transparent', borderColor: colors.best, borderWidth: 2 },
          },
        ],
      },
    };
  },
};
