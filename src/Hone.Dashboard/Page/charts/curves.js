// What trials reported step by step. One series a state; the best and a chosen trial lie above the others.
import { best, columns, curvesOf, reason, state, study, trials } from '../study.js';
import { axis, base, shapes } from '../theme.js';
import { columnAt, columnOptions, scales, trialTip, valueAxis, valueScale } from './shared.js';
import { number, tick } from '../words.js';

const drawn = columns.metrics.filter(column => study.curves[column.index].length);
const objective = study.metrics.length && study.objectives.length ? study.objectives[0].metric : -1;

function lines(name, curves, colors, look) {
  return {
    name, type: 'lines', coordinateSystem: 'cartesian2d', polyline: true, z: look.z ?? 2, progressive: 0, clip: true,
    data: curves.filter(curve => curve.points.length > 1).map(curve => ({ coords: curve.points, row: curve.row })),
    lineStyle: { color: colors.of(name) ?? look.color, width: look.width, opacity: look.opacity, cap: 'round', join: 'round', ...look.line },
    emphasis: { lineStyle: { width: 2.6, opacity: 1 } },
    silent: look.silent,
  };
}

function ends(curves, colors, column, clamp) {
  return {
    name: 'stop', type: 'scatter', symbol: shapes.Stopped, symbolSize: curves.length > 1000 ? 4 : curves.length > 300 ? 6 : 9, z: 5,
    itemStyle: { color: colors.stopped, opacity: curves.length > 300 ? 0.6 : 1, borderColor: colors.card, borderWidth: curves.length > 300 ? 0 : 0.8 },
    data: curves.map(curve => {
      const [step, value] = curve.points[curve.points.length - 1];
      return [step, clamp(value), curve.row];
    }),
  };
}

export const curves = {
  id: 'curves', title: 'Learning curves', wide: true, height: 380, keys: ['Complete', 'StopMark', 'Failed', 'Running', 'bestLine'],
  empty: () => (drawn.length ? null : 'The trials have no measurements to draw.'),
  choices: [
    {
      id: 'metric', label: 'Metric', initial: () => (drawn.find(c => c.index === objective) ?? drawn[0]).key,
      options: () => [...columnOptions(drawn.filter(c => !c.system), 'learning'), ...columnOptions(drawn.filter(c => c.system), 'system')],
    },
    { id: 'scale', label: 'Scale', options: () => scales },
  ],
  draw(colors, chosen, selected) {
    const column = columnAt(chosen.metric);
    const found = curvesOf(column.index);
    const scale = valueScale(found.flatMap(curve => curve.points.map(p => p[1])), chosen.scale);
    const of = name => found.filter(curve => state(curve.row) === name && curve.row !== best);
    const crowd = Math.max(0.05, Math.min(0.75, 7 / Math.sqrt(found.length)));
    let [low, high] = [Infinity, -Infinity];
    let last = 0;
    for (const { points } of found) {
      for (const [step, value] of points) {
        low = Math.min(low, value);
        high = Math.max(high, value);
        last = Math.max(last, step);
      }
    }

    // Lines do not stretch an axis by themselves; the two ends do, as points nobody sees.
    const frame = [[0, scale.min ?? low], [last, scale.max ?? high]];
    const highlighted = found.filter(curve => curve.row === selected);
    const top = found.filter(curve => curve.row === best);
    const tipOf = p => (p.seriesType === 'lines' ? trialTip(p.data.row) : p.value[2] === undefined ? '' : trialTip(
      p.value[2], [['last step', number(p.value[0])]]));
    return {
      note: `${scale.outside ? 'Far values are cut off. ' : ''}Ctrl and the wheel zoom, a click on a trial marks it.`,
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: tipOf },
        grid: { left: 58, right: 18, top: 34, bottom: 42 },
        dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl' }],
        xAxis: axis(colors, {
          type: 'value', min: 0, max: last || 1, name: 'step', nameLocation: 'middle', nameGap: 27, splitLine: { show: false },
          axisLabel: { formatter: tick },
        }),
        yAxis: valueAxis(colors, column.title, scale),
        series: [
          { type: 'scatter', data: frame, symbolSize: 0, silent: true },
          lines('Failed', of('Failed'), colors, { width: 1.1, opacity: crowd, line: { type: [4, 3] } }),
          lines('Stopped', of('Stopped'), colors, { width: 1.1, opacity: crowd }),
          lines('Complete', of('Complete'), colors, { width: 1.2, opacity: crowd }),
          lines('Running', of('Running'), colors, { width: 1.4, opacity: 0.9 }),
          lines('Best', top, colors, { color: colors.best, width: 2.6, opacity: 1, z: 4 }),
          lines('Chosen', highlighted, colors, { color: colors.accent, width: 3, opacity: 1, z: 6 }),
          {
            name: 'single', type: 'scatter', symbolSize: found.length > 300 ? 4 : 6, data: found.filter(curve => curve.points.length === 1 && state(curve.row) !== 'Stopped').map(curve => ({
              value: [curve.points[0][0], scale.clamp(curve.points[0][1]), curve.row], symbol: shapes[state(curve.row)], itemStyle: { color: colors.of(state(curve.row)) },
            })),
          },
          ends(found.filter(curve => state(curve.row) === 'Stopped'), colors, column, scale.clamp),
        ],
      },
    };
  },
};
