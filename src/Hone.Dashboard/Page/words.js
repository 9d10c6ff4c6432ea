// Numbers as a person reads them.
const superscript = text => [...text].map(c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? (c === '-' ? '⁻' : c)).join('');

export function number(value) {
  if (value === null || value === undefined) {
    return '–';
  }

  if (typeof value !== 'number') {
    return String(value);
  }

  if (Number.isInteger(value) && Math.abs(value) < 1e7) {
    return value.toLocaleString('en-US').replace(/^-/, '−');
  }

  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    return value.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e').replace(/^-/, '−');
  }

  const text = size >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(4)));
  return text.replace(/^-/, '−');
}

// A tick: short, powers of ten as such.
export function tick(value) {
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }

  const power = Math.log10(size);
  if (size >= 1e5 || size < 1e-3) {
    const exponent = Math.floor(power + 1e-9);
    const factor = Number((value / 10 ** exponent).toPrecision(3));
    const ten = `10${superscript(String(exponent))}`;
    return factor === 1 ? ten : factor === -1 ? `−${ten}` : `${String(factor).replace('-', '−')}·${ten}`;
  }

  return (size >= 1e4 ? `${Number((value / 1000).toPrecision(4))}k` : String(Number(value.toPrecision(5)))).replace('-', '−');
}

export function duration(seconds) {
  if (seconds === null) {
    return '–';
  }

  const pair = (small, ratio, large, unit) => {
    const whole = Math.round(small);
    return whole % ratio ? `${Math.floor(whole / ratio)} ${large} ${whole % ratio} ${unit}` : `${whole / ratio} ${large}`;
  };
  if (seconds < 0.9995) { return seconds === 0 ? '0 s' : `${Math.round(seconds * 1000)} ms`; }
  if (seconds < 59.95) { return `${Number(seconds.toFixed(1))} s`; }
  if (seconds < 3599.5) { return pair(seconds, 60, 'min', 's'); }
  if (seconds < 86370) { return pair(seconds / 60, 60, 'h', 'min'); }
  return pair(seconds / 3600, 24, 'd', 'h');
}

// A value of a column: its category's name, or the number with its unit.
export function show(column, value) {
  if (value === null || value === undefined) {
    return '–';
  }

  if (column.categories) {
    return column.categories[value] ?? '–';
  }

  return column.unit && typeof value === 'number' ? `${number(value)} ${column.unit}` : number(value);
}

export function shorten(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
