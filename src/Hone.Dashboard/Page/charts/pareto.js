// Two objectives against each other, with the trials that none beats in all.
import { columns, finite, rows, state, study } from '../study.js';
import { axis, base, shapes } from '../theme.js';
import { columnAt, columnAxis, columnOptions, trialTip, valueAxis, valueScale } from './shared.js';

const front = new Set(study.front);

export const pareto = {
  id: 'pareto', title: 'Pareto front', wide: true, height: 360, keys: ['front', 'Complete', 'Stopped'],
  applies: () => columns.objectives.length > 1,
  empty: () => (front.size ? null : 'No trial has completed with a value of every objective yet.'),
  choices: [
    { id: 'x', label: 'Across', options: () => columnOptions(columns.objectives) },
    { id: 'y', label: 'Up', initial: () => columns.objectives[1].key, options: () => columnOptions(columns.objectives) },
  ],
  draw(colors, chosen) {
    const [x, y] = [columnAt(chosen.x), columnAt(chosen.y)];
    const drawn = rows.filter(row => state(row) !== 'Failed' && finite(x.data[row]) !== null && finite(y.data[row]) !== null);
    const point = row => [scaleX.clamp(x.data[row]), scaleY.clamp(y.data[row]), row];
    const counted = drawn.filter(row => state(row) === 'Complete');
    const scaleX = valueScale(counted.map(row => x.data[row]), 'calm');
    const scaleY = valueScale(counted.map(row => y.data[row]), 'calm');
    const marks = (name, list, look) => ({ name, type: 'scatter', data: list.map(point), symbol: shapes[name] ?? 'circle', ...look });
    const best = drawn.filter(row => front.has(row)).sort((a, b) => x.data[a] - x.data[b]);
    const goal = column => `${column.title}, ${column.minimize ? 'smaller' : 'larger'} is better`;
    return {
      note: columns.objectives.length > 2 ? 'The front is taken over all objectives, of which two are shown.' : '',
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => (p.value[2] === undefined ? '' : trialTip(p.value[2])) },
        grid: { left: 62, right: 20, top: 34, bottom: 46 },
        xAxis: valueAxis(colors, goal(x), scaleX, { nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: colors.soft, fontSize: 12 } }),
        yAxis: valueAxis(colors, goal(y), scaleY),
        series: [
          marks('Stopped', drawn.filter(row => state(row) === 'Stopped'), { symbolSize: 6, itemStyle: { color: colors.stopped, opacity: 0.5 } }),
          marks('Complete', counted.filter(row => !front.has(row)), { symbolSize: 7, itemStyle: { color: colors.complete, opacity: 0.6 } }),
          {
            name: 'front line', type: 'line', data: columns.objectives.length === 2 ? best.map(point) : [], showSymbol: false, silent: true,
            lineStyle: { color: colors.best, width: 1.2, opacity: 0.6 },
          },
          marks('front', best, { symbolSize: 11, z: 4, itemStyle: { color: colors.complete, borderColor: colors.best, borderWidth: 2 } }),
        ],
      },
    };
  },
};
