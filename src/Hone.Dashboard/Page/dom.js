// Elements from text, never from markup: whatever a study is called, it stays text.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') {
      made.className = value;
    } else if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }

  made.append(...children);
  return made;
}

export function select(label, options, value, changed) {
  const box = element('select', { onchange: event => changed(event.target.value) });
  let group = null;
  for (const option of options) {
    if (option.group && option.group !== group?.label) {
      group = element('optgroup', { label: option.group });
      box.append(group);
    }

    (option.group ? group : box).append(element('option', { value: option.value, selected: option.value === value }, option.text));
  }

  return element('label', {}, `${label} `, box);
}

// A tooltip: a title, pairs of name and value, and a sentence.
export function tip(title, pairs, sentence) {
  const box = element('div', { class: 'tip' }, element('b', {}, title));
  for (const [name, value] of pairs) {
    box.append(element('div', {}, element('span', {}, name), element('span', {}, value)));
  }

  if (sentence) {
    box.append(element('p', {}, sentence));
  }

  return box;
}
