// The key above a chart: the marks it really has.
import { count, rows, state, study } from './study.js';
import { best } from './study.js';
import { element } from './dom.js';
import { shapes } from './theme.js';

const drawings = {
  circle: '<circle cx="6" cy="6" r="4.5"/>', triangle: '<path d="M6 1 11 10.5H1Z"/>', diamond: '<path d="M6 0 12 6 6 12 0 6Z"/>',
  emptyCircle: '<circle cx="6" cy="6" r="4" fill="none" stroke-width="2"/>',
};

function mark(shape, color) {
  const made = element('span');
  made.innerHTML = `<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">${drawings[shape] ?? '<path d="M2 2 10 10M10 2 2 10" stroke-width="2.4"/>'}</svg>`;
  made.firstChild.style.fill = shape === 'emptyCircle' ? 'none' : color;
  made.firstChild.style.stroke = shape === 'circle' || shape === 'triangle' || shape === 'diamond' ? 'none' : color;
  return made;
}

function line(color, width) {
  const made = element('span');
  made.innerHTML = `<svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true"><path d="M1 6H17" stroke-width="${width}"/></svg>`;
  made.firstChild.style.stroke = color;
  return made;
}

const special = {
  bestSoFar: colors => best >= 0 && [line(colors.best, 1.8), 'best so far'],
  bestLine: colors => best >= 0 && [line(colors.best, 2.8), 'best'],
  StopMark: colors => rows.some(row => state(row) === 'Stopped') && [mark('triangle', colors.stopped), 'stopped here'],
  front: colors => study.front.length > 0 && [mark('emptyCircle', colors.best), 'on the front'],
};

export function keys(names, colors) {
  return names.map(name => (special[name] ? special[name](colors)
    : count && rows.some(row => state(row) === name) && [mark(shapes[name], colors.of(name)), name.toLowerCase()]))
    .filter(Boolean).map(([symbol, text]) => {
      symbol.append(text);
      return symbol;
    });
}
