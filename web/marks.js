/* SPDX-License-Identifier: MIT */
/* marks.js: what a timeline is made of.
 *
 * A mark is {row, kind, begin, end, ns, slot, spans, text}: times in ns from the picture's begin; so many `spans` are
 * merged in it, which have `ns` of that time. Marks of one row and kind are in the order of their begins. */
/* From the ground up. `waits`: hatched; `moments`: a triangle. */
export const layers = [
  'member',
  'unknown',
  'chunk',
  'task',
  'elsewhere',
  'wait',
  'barrier',
  'critical wait',
  'ordered wait',
  'park',
  'critical',
  'ordered',
  'steal',
  'hand back',
  'wake',
  'cancel',
];
export const isWait = (kind) => ['wait', 'barrier', 'critical wait', 'ordered wait'].includes(kind);
export const isMoment = (kind) => ['steal', 'hand back', 'wake', 'cancel'].includes(kind);
export const isWork = (kind) => kind === 'chunk' || kind === 'task';

export const kindWords = {
  member: 'gets work or looks for some',
  unknown: 'did what is not known any more: later events have taken its place',
  chunk: 'runs a chunk',
  task: 'runs a task',
  elsewhere: 'runs a part of another loop',
  wait: 'waits for the end',
  barrier: 'waits at a barrier',
  'critical wait': 'waits for a critical section',
  critical: 'is in a critical section',
  'ordered wait': 'waits for its turn',
  ordered: 'has its turn',
  park: 'sleeps',
  steal: 'steals',
  'hand back': 'hands work back',
  wake: 'wakes another thread',
  cancel: 'cancels the loop',
};

/* Thinner or lower ones could not be seen, in px. */
const LEAST_WIDTH = 0.4,
  LEAST_HEIGHT = 0.7;

/* Rectangles from x0 to x1 as one path. Those that cannot be told apart become one, and it is as high as the part of
 * its width that they fill: what is merged does not look busier than it was. */
export class Rects {
  constructor(height) {
    this.height = height;
    this.path = [];
    this.from = null;
  }
  /* part: of the time from x0 to x1, so much is filled. */
  add(x0, x1, y, part) {
    if (this.from !== null && this.y === y && x0 - this.to < 0.8 && Math.max(x1, this.to) - this.from < 1.2) {
      this.to = Math.max(this.to, x1);
      this.filled += (x1 - x0) * part;
      return;
    }
    this.flush();
    Object.assign(this, {from: x0, to: x1, y, filled: (x1 - x0) * part});
  }
  flush() {
    if (this.from === null) return;
    const width = Math.max(this.to - this.from, LEAST_WIDTH),
      drawn = (width - (width > 3.5 ? 0.8 : 0)).toFixed(2);
    const height = Math.max(Math.min(this.filled / width, 1) * this.height, LEAST_HEIGHT);
    this.path.push(
      `M${this.from.toFixed(2)} ${(this.y + this.height - height).toFixed(2)}h${drawn}v${height.toFixed(2)}h-${drawn}z`,
    );
    this.from = null;
  }
  toString() {
    this.flush();
    return this.path.join('');
  }
}

/** What is said of a chunk. */
export function rangeText(first, past, count) {
  if (count === 1) return `of iteration ${first}`;
  const range = `of iterations ${first} to ${past - 1}`;
  return count === past - first ? range : `${range}, ${count} of them`;
}

/** Waits in which the thread has worked meanwhile, of which the times without work are left: a wait lies above what it
 * is in, and below what is in it. */
export function cutWaits(marks, rows) {
  const kept = marks.filter((mark) => !isWait(mark.kind) || mark.spans > 1);
  for (let row = 0; row < rows; row++) {
    const work = kept.filter((mark) => mark.row === row && (isWork(mark.kind) || mark.kind === 'elsewhere'));
    work.sort((a, b) => a.begin - b.begin);
    for (const wait of marks.filter((mark) => mark.row === row && isWait(mark.kind) && mark.spans === 1))
      kept.push(...piecesOf(wait, work));
  }
  return kept.sort((a, b) => a.begin - b.begin);
}

function piecesOf(wait, work) {
  const pieces = [];
  let from = wait.begin,
    first = 0,
    past = work.length;
  while (first < past) {
    const middle = (first + past) >> 1;
    if (work[middle].begin < wait.begin) first = middle + 1;
    else past = middle;
  }
  for (let k = first; k < work.length && work[k].begin < wait.end; k++) {
    if (work[k].begin > from) pieces.push({...wait, begin: from, end: work[k].begin});
    from = Math.max(from, work[k].end);
  }
  if (from < wait.end) pieces.push({...wait, begin: from});
  return pieces;
}
