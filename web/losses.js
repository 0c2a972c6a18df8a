/* SPDX-License-Identifier: MIT */
/* losses.js: where the threads' time goes, as a bar in parts and as words. */
import {h, percent, timeText} from './dom.js';

export const lossWords = {
  busy: ['busy', 'in iterations'],
  start: ['start', 'before the first chunk'],
  overhead: ['overhead', 'getting chunks'],
  waited: ['waiting', 'inside of chunks, for others'],
  ending: ['imbalance', 'done, while others still work'],
};

/** parts: {busy, start, ...} in ns of thread time; threads: by how many to divide for wall time. */
export function lossBar(parts, threads) {
  const names = Object.keys(lossWords).filter((name) => parts[name] > 0);
  const all = names.reduce((sum, name) => sum + parts[name], 0);
  const words = names.map((name) => `${lossWords[name][0]} ${percent(parts[name] / all)}`).join(', ');
  return h(
    'figure',
    {},
    h(
      'div',
      {class: 'losses', role: 'img', 'aria-label': `The threads' time: ${words}`},
      names.map((name) => h('span', {class: `loss-${name}`, style: `width:${(100 * parts[name]) / all}%`})),
    ),
    h(
      'ul',
      {class: 'key'},
      names.map((name) =>
        h(
          'li',
          {},
          h('span', {class: `swatch loss-${name}`}),
          `${lossWords[name][0]} ${percent(parts[name] / all)} `,
          h('span', {class: 'dim'}, `(${timeText(parts[name] / threads)} a thread; ${lossWords[name][1]})`),
        ),
      ),
    ),
  );
}
