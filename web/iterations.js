/* SPDX-License-Identifier: MIT */
/* iterations.js: what each iteration takes, and which thread runs it: a column for one iteration or some, as high as
 * they take on average, in the colours of the threads that run them. */
import {axisBottom, axisLeft} from 'd3-axis';
import {scaleLinear} from 'd3-scale';
import {select} from 'd3-selection';

import {h, onWidth, percent, s, threadColour, timeText, unique, unitFor} from './dom.js';

const HEIGHT = 170,
  TOP = 8,
  BOTTOM = 40,
  RIGHT = 22;

/** So many columns there are for `count` iterations at most. */
export const COLUMNS = 400;

/** Empty columns for so many iterations. add(first, past, slot) says whose they are; ns are from `costs`. */
export class Columns {
  constructor(count) {
    this.count = count;
    this.width = Math.ceil(count / COLUMNS);
    this.parts = Array.from({length: Math.ceil(count / this.width)}, () => new Map()); // slot: iterations
  }
  add(first, past, slot) {
    for (let at = first; at < past; ) {
      const column = Math.floor(at / this.width),
        upto = Math.min(past, (column + 1) * this.width);
      const part = this.parts[column];
      part.set(slot, (part.get(slot) ?? 0) + upto - at);
      at = upto;
    }
  }
  size(column) {
    return Math.min(this.width, this.count - column * this.width);
  }
}

export class Iterations {
  constructor({label}) {
    this.unknown = unique('unknown');
    this.svg = s('svg', {class: 'chart iterations', role: 'img', 'aria-label': label, height: HEIGHT});
    this.readout = h('output', {class: 'readout'});
    this.key = h('p', {class: 'small dim'}, 'Hatched: several threads ran iterations of the column.');
    this.element = h('div', {}, this.svg, this.readout, this.key);
    this.svg.addEventListener('pointermove', (event) =>
      this.describe(event.clientX - this.svg.getBoundingClientRect().left),
    );
    onWidth(this.svg, () => this.draw());
  }

  /** columns: whose the iterations are; costs: what they take (costs.js). */
  show(columns, costs) {
    Object.assign(this, {columns, costs});
    this.readout.textContent = '';
    this.key.hidden = !columns.parts.some((part) => part.has(-1));
    this.draw();
  }

  mean(column) {
    const first = column * this.columns.width,
      size = this.columns.size(column);
    return (this.costs.sum(first + size) - this.costs.sum(first)) / size;
  }

  draw() {
    const width = this.svg.clientWidth;
    if (!this.columns || width === 0) return;
    const {columns} = this,
      left = width < 500 ? 58 : 84,
      bottom = HEIGHT - BOTTOM,
      means = columns.parts.map((_, c) => this.mean(c));
    const most = Math.max(...means, 1e-3),
      unit = unitFor(most);
    const x = (this.x = scaleLinear([0, columns.count], [left, width - RIGHT]));
    const y = scaleLinear([0, most / unit.size], [bottom, TOP]).nice(3);
    const across = s('g', {transform: `translate(0,${bottom + 2})`}),
      up = s('g', {transform: `translate(${left - 2},0)`});
    this.svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    select(across).call(
      axisBottom(x)
        .ticks(Math.min(Math.max(2, Math.floor(width / 90)), columns.count), columns.count >= 1e6 ? '~s' : undefined)
        .tickSizeOuter(0),
    );
    select(up).call(axisLeft(y).ticks(3).tickSizeOuter(0));
    across.append(
      s(
        'text',
        {x: width - RIGHT, y: 34, 'text-anchor': 'end'},
        columns.width > 1 ? `iteration (a column for ${columns.width.toLocaleString('en')})` : 'iteration',
      ),
    );
    up.append(s('text', {x: -left + 4, y: bottom + 22, 'text-anchor': 'start'}, `${unit.name} each`));
    this.svg.replaceChildren(
      this.defs(),
      across,
      up,
      ...this.paths(
        means.map((mean) => mean / unit.size),
        x,
        y,
      ),
    );
  }

  defs() {
    return s(
      'defs',
      {},
      s(
        'pattern',
        {id: this.unknown, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
        s('line', {class: 'hatch-line', x1: 1, y1: 0, x2: 1, y2: 5}),
      ),
    );
  }

  paths(heights, x, y) {
    const {columns} = this,
      paths = new Map();
    columns.parts.forEach((part, c) => {
      const x0 = x(c * columns.width),
        x1 = x(c * columns.width + columns.size(c)),
        size = columns.size(c);
      const gap = x1 - x0 > 4 ? 1 : 0,
        full = Math.max(y(0) - y(heights[c]), 1);
      let from = y(0);
      for (const [slot, count] of [...part].sort((a, b) => a[0] - b[0])) {
        const height = (full * count) / size;
        if (!paths.has(slot)) paths.set(slot, []);
        from -= height;
        paths
          .get(slot)
          .push(
            `M${x0.toFixed(2)} ${from.toFixed(2)}h${(x1 - x0 - gap).toFixed(2)}v${height.toFixed(2)}h${(-(x1 - x0 - gap)).toFixed(2)}z`,
          );
      }
    });
    return [...paths].map(([slot, path]) =>
      s('path', {
        class: 'owner',
        'data-slot': slot,
        d: path.join(''),
        style: slot >= 0 ? `fill:${threadColour(slot)}` : `fill:url(#${this.unknown})`,
      }),
    );
  }

  describe(at) {
    if (!this.x) return;
    const {columns} = this,
      column = Math.floor(this.x.invert(at) / columns.width),
      part = columns.parts[column];
    if (!part) return;
    const first = column * columns.width,
      past = first + columns.size(column);
    const owners = [...part].map(
      ([slot, count]) =>
        `${slot >= 0 ? `thread ${slot}` : 'several threads'}${part.size > 1 ? ` ${percent(count / (past - first))}` : ''}`,
    );
    this.readout.textContent =
      `iteration${past - first > 1 ? `s ${first} to ${past - 1}` : ` ${first}`}: ${timeText(this.mean(column))} each; ` +
      `${owners.slice(0, 6).join(', ')}${owners.length > 6 ? ' and others' : ''}`;
  }
}
