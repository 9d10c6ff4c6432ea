// A plot as its template says: lines, points, bars, or the counts of a confusion matrix.
import { axis, base } from '../theme.js';

const palette = ['#2f6fde', '#e07b39', '#3a9d5d', '#b5489d', '#8a6d3b', '#4fa3b8', '#c24141', '#6b6fd1'];
const isNumber = value => typeof value === 'number' || value === null;
const names = (label, gap) => ({ name: label, nameLocation: 'middle', nameGap: gap });

function confusion(plot, colors) {
  const points = plot.lines[0].points;
  const xs = [...new Set(points.map(p => String(p[0])))].sort();
  const ys = [...new Set(points.map(p => String(p[1])))].sort();
  const counts = new Map();
  points.forEach(p => counts.set(`${p[0]}\n${p[1]}`, (counts.get(`${p[0]}\n${p[1]}`) ?? 0) + 1));
  const data = xs.flatMap((x, i) => ys.map((y, j) => [i, j, counts.get(`${x}\n${y}`) ?? 0]));
  return {
    ...base(colors),
    grid: { left: 70, right: 30, top: 20, bottom: 50 },
    xAxis: axis(colors, { type: 'category', data: xs, ...names(plot.x, 28) }),
    yAxis: axis(colors, { type: 'category', data: ys, ...names(plot.y, 48) }),
    visualMap: { show: false, min: 0, max: data.reduce((most, d) => Math.max(most, d[2]), 1), inRange: { opacity: [0.08, 1] }, color: [palette[0]] },
    series: [{ type: 'heatmap', data, label: { show: true } }],
  };
}

function lines(plot, colors) {
  const isFlat = plot.template.startsWith('bar');
  const hasNumbers = !isFlat && plot.lines.every(line => line.points.every(p => isNumber(p[0])));
  const kind = isFlat ? 'bar' : plot.template.startsWith('scatter') ? 'scatter' : 'line';
  const along = axis(colors, hasNumbers ? { type: 'value', scale: true, ...names(plot.x, 28) } : {
    type: 'category', data: [...new Set(plot.lines.flatMap(line => line.points.map(p => String(p[0]))))], ...names(plot.x, 28),
  });
  const up = axis(colors, { type: 'value', scale: !isFlat, ...names(plot.y, 48) });
  return {
    ...base(colors),
    legend: plot.lines.length > 1 ? { type: 'scroll', top: 0, textStyle: { color: colors.soft } } : undefined,
    tooltip: { ...base(colors).tooltip, trigger: kind === 'scatter' ? 'item' : 'axis' },
    grid: { left: 70, right: 30, top: plot.lines.length > 1 ? 40 : 20, bottom: 50 },
    dataZoom: [{ type: 'inside', filterMode: 'none' }],
    xAxis: plot.template === 'bar_horizontal' ? up : along,
    yAxis: plot.template === 'bar_horizontal' ? along : up,
    series: plot.lines.map((line, i) => ({
      name: line.name, type: kind, smooth: plot.template === 'smooth', showSymbol: line.points.length < 60, symbolSize: kind === 'scatter' ? 7 : 5, sampling: kind === 'line' ? 'lttb' : undefined,
      data: line.points.map(p => (plot.template === 'bar_horizontal' ? [p[1], String(p[0])] : hasNumbers ? p : [String(p[0]), p[1]])),
      itemStyle: { color: palette[i % palette.length] }, lineStyle: { width: 1.6 },
    })),
  };
}

export const chart = (plot, i) => ({
  id: `plot${i}`, title: plot.title, wide: true, height: 340, choices: [],
  empty: () => (plot.lines.some(line => line.points.length) ? null : 'The file has no rows.'),
  draw: colors => ({ note: '', option: plot.template.startsWith('confusion') ? confusion(plot, colors) : lines(plot, colors) }),
});
