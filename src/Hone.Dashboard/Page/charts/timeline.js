// When each trial ran: one lane a slot, filled as the trials began.
import { finite, rows, state, trials } from '../study.js';
import { axis, base } from '../theme.js';
import { trialTip } from './shared.js';
import { duration } from '../words.js';

const slack = 0.001;

// A trial takes the lane that has been free the longest, as its slot most likely did.
function lanes() {
  const free = [];
  const ran = rows.filter(row => finite(trials.started[row]) !== null).sort((a, b) => trials.started[a] - trials.started[b] || a - b);
  return ran.map(row => {
    const [from, to] = [trials.started[row], trials.started[row] + (finite(trials.wall[row]) ?? 0)];
    let lane = -1;
    for (let i = 0; i < free.length; i++) {
      if (free[i] <= from + slack && (lane < 0 || free[i] < free[lane])) {
        lane = i;
      }
    }

    if (lane < 0) {
      lane = free.push(0) - 1;
    }

    free[lane] = to;
    return { row, lane, from, to };
  });
}

const bars = lanes();
const slots = bars.reduce((most, bar) => Math.max(most, bar.lane + 1), 0);

function draw(colors, selected) {
  return (_, api) => {
    const [left, top] = api.coord([api.value(1), api.value(0)]);
    const [right] = api.coord([api.value(2), api.value(0)]);
    const height = Math.max(1, Math.abs(api.size([0, 1])[1]) * 0.78);
    const row = api.value(3);
    const width = Math.max(1, right - left - (right - left > 4 ? 1 : 0));
    return {
      type: 'rect', shape: { x: left, y: top - height / 2, width, height, r: Math.min(3, width / 3, height / 3) },
      style: { fill: colors.of(state(row)), opacity: state(row) === 'Stopped' ? 0.85 : 0.9, stroke: row === selected ? colors.best : undefined, lineWidth: 2 },
      emphasis: { style: { stroke: colors.best, lineWidth: 1.5 } },
    };
  };
}

export const timeline = {
  id: 'timeline', title: 'Timeline', height: () => Math.max(150, Math.min(420, slots * 22 + 60)), keys: ['Complete', 'Stopped', 'Failed', 'Running'],
  empty: () => (bars.length ? null : 'No trial has begun yet.'),
  choices: [],
  draw(colors, chosen, selected) {
    const end = bars.reduce((last, bar) => Math.max(last, bar.to), 0);
    return {
      note: `One lane for each of the ${slots} trials that ran at once. Ctrl and the wheel zoom, dragging moves.`.replace('each of the 1 trials that ran at once', 'the one slot'),
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => trialTip(p.value[3], [['began after', duration(p.value[1])]]),
        },
        grid: { left: 40, right: 22, top: 8, bottom: 42 },
        dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'weakFilter', zoomOnMouseWheel: 'ctrl' }],
        xAxis: axis(colors, {
          type: 'value', min: 0, max: end || 1, name: 'time since the first start', nameLocation: 'middle', nameGap: 27,
          axisLabel: { formatter: duration }, splitNumber: 5,
        }),
        yAxis: axis(colors, {
          type: 'value', min: 0.5, max: slots + 0.5, inverse: true, minInterval: 1, splitLine: { show: false },
          axisLabel: { formatter: v => (Number.isInteger(v) ? String(v) : ''), customValues: slots <= 12 ? Array.from({ length: slots }, (_, i) => i + 1) : undefined },
        }),
        series: [{
          type: 'custom', renderItem: draw(colors, selected), encode: { x: [1, 2], y: 0 }, clip: true, progressive: 0,
          data: bars.map(bar => [bar.lane + 1, bar.from, bar.to, bar.row]),
        }],
      },
    };
  },
};
