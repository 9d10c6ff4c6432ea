// One small chart a parameter: what it does to a metric of the system, or to any other.
import { columns, finite, rows, state } from '../study.js';
import { axis, base, shapes } from '../theme.js';
import { columnAt, columnAxis, columnOptions, plotted, scales, trialTip, valueAxis, valueScale } from './shared.js';
import { shorten } from '../words.js';

const mostPoints = 60000;
const cell = { width: 290, height: 218 };
const shownStates = ['Failed', 'Stopped', 'Running', 'Complete'];

const reported = columns.metrics.filter(column => column.data.some(v => finite(v) !== null));
const varied = columns.parameters.filter(column => new Set(column.data.filter(v => v !== null)).size > 1);
const system = reported.filter(column => column.system);

export const costs = {
  id: 'costs', title: 'Each parameter and what it costs', wide: true, keys: ['Complete', 'Stopped', 'Failed', 'Running'],
  empty: () => (!varied.length ? 'No parameter has taken two values yet.' : reported.length ? null : 'No trial has reported a metric yet.'),
  choices: [
    {
      id: 'metric', label: 'Metric', initial: () => (system.find(c => /memory_megabytes|memory/.test(c.label)) ?? system[0] ?? reported[0]).key,
      options: () => [
        ...columnOptions(system, 'system'), ...columnOptions(columns.objectives, 'objective'),
        ...columnOptions(reported.filter(c => !c.system), 'learning'),
      ],
    },
    { id: 'scale', label: 'Scale', options: () => scales },
  ],
  height: width => Math.ceil(varied.length / columnsIn(width)) * cell.height + 8,
  draw(colors, chosen, selected, width) {
    const metric = columnAt(chosen.metric);
    const scale = valueScale(rows.map(row => finite(metric.data[row])), chosen.scale);
    const across = columnsIn(width);
    const stride = Math.max(1, Math.ceil(rows.length * varied.length / mostPoints));
    const drawn = rows.filter(row => row % stride === 0 && finite(metric.data[row]) !== null);
    const grids = varied.map((_, i) => ({
      left: (i % across) * (width / across) + 46, width: width / across - 62, top: Math.floor(i / across) * cell.height + 30, height: cell.height - 84,
    }));
    return {
      note: [metric.title, stride > 1 ? `every ${stride}th trial` : '', scale.outside ? `${scale.outside} far values at the edge` : '']
        .filter(Boolean).join(' · '),
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => trialTip(p.value[2], [[metric.title, String(metric.data[p.value[2]])]]) },
        grid: grids,
        xAxis: varied.map((column, i) => columnAxis(colors, column, {
          gridIndex: i, name: shorten(column.title, 34), nameLocation: 'middle', nameGap: 25, splitNumber: 4,
        })),
        yAxis: varied.map((_, i) => valueAxis(colors, '', scale, { gridIndex: i, splitNumber: 3 })),
        series: varied.flatMap((column, i) => shownStates.map(name => ({
          name, type: 'scatter', xAxisIndex: i, yAxisIndex: i, symbol: shapes[name], symbolSize: drawn.length > 400 ? 4 : 6,
          itemStyle: { color: colors.of(name), opacity: drawn.length > 400 ? 0.5 : 0.75 },
          data: drawn.filter(row => state(row) === name && plotted(column, row) !== null)
            .map(row => [plotted(column, row), scale.clamp(metric.data[row]), row]),
        })).filter(series => series.data.length)),
      },
    };
  },
};

function columnsIn(width) {
  return Math.max(1, Math.min(varied.length, Math.floor(width / cell.width)));
}
