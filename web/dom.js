/* SPDX-License-Identifier: MIT */
/* dom.js: making elements, and numbers as people read them. */

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

/** An element: h('p', {class: 'dim'}, 'text', otherElement). Texts are never read as HTML. */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

let made = 0;
export const unique = (name) => `${name}-${++made}`;

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, '\u00b5s'],
  [1, 'ns'],
];

/** The unit for times up to so many nanoseconds: {size, name}. One is used along an axis, and down a column. */
export function unitFor(ns) {
  const [size, name] = UNITS.find(([least]) => Math.abs(ns) >= least) ?? UNITS[3];
  return {size, name};
}

export function digits(value) {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.0995) return value.toPrecision(size < 0.001 ? 1 : 2);
  return value.toFixed(size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2);
}

/** "3.20 ms" */
export function timeText(ns) {
  const unit = unitFor(ns);
  return `${digits(ns / unit.size)} ${unit.name}`;
}

/** The same for a column: all in the unit of the longest. */
export function timeTexts(times) {
  const unit = unitFor(Math.max(...times.filter(Number.isFinite)));
  return times.map((ns) => (Number.isFinite(ns) ? `${digits(ns / unit.size)} ${unit.name}` : digits(ns)));
}

export const percent = (part) =>
  Number.isFinite(part) ? `${(100 * part).toFixed(part > 0 && part < 0.0995 ? 1 : 0)} %` : '\u2013';
export const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** A table: heads as texts or {text, words: true}, rows as lists of texts, elements or {cell, class}. */
export function table(caption, heads, rows) {
  const cell = (tag, content) => {
    const isRich = content !== null && typeof content === 'object' && !(content instanceof Node);
    return h(
      tag,
      {class: isRich ? content.class : null, scope: tag === 'th' ? 'col' : null},
      isRich ? content.cell : content,
    );
  };
  return h(
    'div',
    {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    h(
      'table',
      {},
      h('caption', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => cell('th', head)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {class: row.class ?? null},
            row.map((content) => cell('td', content)),
          ),
        ),
      ),
    ),
  );
}

export const threadColour = (thread) => `var(--t${thread % 10})`;

/** Calls draw whenever the element's width has changed. */
export function onWidth(element, draw) {
  let width = 0;
  new ResizeObserver(() => {
    const now = element.clientWidth;
    if (now !== 0 && now !== width) {
      width = now;
      draw();
    }
  }).observe(element);
}
