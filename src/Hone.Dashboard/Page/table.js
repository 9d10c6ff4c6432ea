// All trials in a table that sorts, filters and pages.
import { best, columns, count, finite, reason, rows, state, states, study, trials } from './study.js';
import { element, select } from './dom.js';
import { duration, number, show } from './words.js';

const pageSize = 50;

function fields() {
  const plain = (title, data, write, text) => ({ title, sort: row => data[row], write: row => write(data[row]), text });
  return [
    { title: 'trial', sort: row => trials.number[row], write: row => String(trials.number[row]) },
    { title: 'state', sort: state, write: row => state(row).toLowerCase(), text: true, dot: true },
    ...columns.objectives.map(c => plain(c.title, c.data, number)),
    ...columns.parameters.map(c => ({
      title: c.title, sort: row => c.data[row], write: row => show(c, c.data[row]), text: Boolean(c.categories),
    })),
    ...columns.metrics.filter(c => !study.objectives.some(o => o.metric === c.index && o.label === study.metrics[c.index].name))
      .map(c => plain(c.title, c.data, number)),
    plain('steps', trials.steps, number),
    plain('began after', trials.started, v => duration(finite(v))),
    plain('ran for', trials.wall, v => duration(finite(v))),
    plain('attempts', trials.attempts, number),
    { title: 'reason', sort: reason, write: reason, text: true, wide: true },
  ];
}

// What is missing or not a number stays last in either direction.
function compare(a, b, direction) {
  const [missingA, missingB] = [a === null || a === 'NaN' || a === '', b === null || b === 'NaN' || b === ''];
  if (missingA || missingB) {
    return Number(missingA) - Number(missingB);
  }

  return direction * (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1);
}

export function table(host, choose) {
  const all = fields();
  const view = { by: all[0], direction: 1, state: '', words: '', page: 0, selected: -1 };
  const heads = all.map(field => element('th', { scope: 'col', class: field.text ? 'text' : '' },
    element('button', { type: 'button', onclick: () => sort(field) }, field.title)));
  const body = element('tbody');
  const status = element('span', { role: 'status' });
  const back = element('button', { type: 'button', onclick: () => turn(-1) }, '← Previous');
  const on = element('button', { type: 'button', onclick: () => turn(1) }, 'Next →');
  const filter = element('input', { type: 'search', placeholder: 'any value or reason', oninput: event => change({ words: event.target.value.toLowerCase() }) });
  const present = states.filter((_, i) => trials.state.includes(i));
  host.append(
    element('div', { class: 'bar' }, element('h2', {}, 'Trials'), element('div', { class: 'controls' },
      select('State', [{ value: '', text: 'all' }, ...present.map(s => ({ value: s, text: s.toLowerCase() }))], '', value => change({ state: value })),
      element('label', {}, 'Filter ', filter))),
    count ? element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of trials' },
      element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body)) : element('p', { class: 'empty' }, 'No trial has been proposed yet.'),
    element('div', { class: 'pages' }, back, on, status));

  function change(what) {
    Object.assign(view, what, { page: 0 });
    render();
  }

  function sort(field) {
    change({ direction: view.by === field ? -view.direction : 1, by: field });
  }

  function turn(by) {
    view.page += by;
    render();
  }

  function matching() {
    const found = rows.filter(row => (!view.state || state(row) === view.state)
      && (!view.words || all.some(field => field.write(row).toLowerCase().includes(view.words))));
    return found.sort((a, b) => compare(view.by.sort(a), view.by.sort(b), view.direction) || a - b);
  }

  function line(row) {
    const marks = [row === best ? 'is-best' : '', row === view.selected ? 'selected' : ''].filter(Boolean).join(' ');
    return element('tr', { class: marks, onclick: () => choose(row) }, ...all.map(field => {
      const cell = element('td', { class: [field.text ? 'text' : '', field.wide ? 'reason' : ''].filter(Boolean).join(' ') });
      if (field.dot) {
        cell.append(element('span', { class: 'dot', style: `background:var(--${state(row).toLowerCase()})` }));
      }

      cell.append(field.write(row));
      if (field.wide) {
        cell.title = field.write(row);
      }

      return cell;
    }));
  }

  function render() {
    const found = matching();
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    view.page = Math.min(view.page, pages - 1);
    const from = view.page * pageSize;
    body.replaceChildren(...found.slice(from, from + pageSize).map(line));
    heads.forEach((head, i) => {
      if (all[i] === view.by) {
        head.setAttribute('aria-sort', view.direction > 0 ? 'ascending' : 'descending');
      } else {
        head.removeAttribute('aria-sort');
      }
    });
    back.disabled = view.page === 0;
    on.disabled = view.page === pages - 1;
    back.hidden = on.hidden = pages === 1;
    status.textContent = found.length === 0 ? (count ? 'No trial matches.' : '')
      : `${number(from + 1)}–${number(Math.min(from + pageSize, found.length))} of ${number(found.length)}${found.length < count ? ` (${number(count)} in all)` : ''}`;
  }

  render();
  return row => {
    view.selected = row;
    render();
  };
}
