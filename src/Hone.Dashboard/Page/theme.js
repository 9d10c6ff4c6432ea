// Colours come from the style sheet alone, so that page and charts agree in both schemes.
const names = ['paper', 'card', 'ink', 'soft', 'faint', 'rule', 'grid', 'accent', 'mark', 'best',
  'complete', 'stopped', 'failed', 'vetoed', 'running', 'waiting'];

export const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

// A state has a colour and a shape; the shape alone tells them apart too.
export const shapes = {
  Complete: 'circle', Stopped: 'triangle', Running: 'emptyCircle', Waiting: 'emptyCircle', Vetoed: 'diamond',
  Failed: 'path://M2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 L0,2 Z',
};

export function theme() {
  const style = getComputedStyle(document.documentElement);
  const colors = Object.fromEntries(names.map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
  colors.of = state => colors[state.toLowerCase()];
  return colors;
}

// Dark purple over teal to yellow is bad, yellow on white cannot be seen: a blue-to-ochre ramp that both schemes carry.
export const ramp = dark => (dark ? ['#ffd166', '#7fc8a9', '#5b8fd0', '#514a86'] : ['#0b3c6f', '#2a7fa8', '#8fae8b', '#e0b354']);

export function base(colors) {
  return {
    animation: false,
    textStyle: { fontFamily: font, color: colors.ink },
    tooltip: {
      confine: true, backgroundColor: colors.card, borderColor: colors.rule, borderWidth: 1, padding: [8, 11],
      textStyle: { color: colors.ink, fontSize: 13 }, extraCssText: 'box-shadow:0 4px 18px rgba(0,0,0,.14);border-radius:9px',
    },
  };
}

export function axis(colors, more) {
  return {
    nameTextStyle: { color: colors.soft, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: colors.rule } },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: colors.grid } },
    minorSplitLine: { show: false },
    ...more,
    axisLabel: { color: colors.soft, fontSize: 12, hideOverlap: true, ...more.axisLabel },
  };
}
