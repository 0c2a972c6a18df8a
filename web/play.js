/* SPDX-License-Identifier: MIT */
/* play.js: playing a loop by the model (model.js), and keeping what there is to draw of it. */
import {Columns} from './iterations.js';
import {rangeText} from './marks.js';
import {chunksAtMost, simulate} from './model.js';

/** More chunks than these take too long to play while somebody moves a slider. */
export const CHUNKS_PLAYED = 1000000;
const MARKS = 20000;

/* The chunks that a loop is played in: as marks of a timeline, merged where they are too many to be seen, and as whose
 * each iteration is. */
class Recorder {
  constructor(costs, threads, chunks) {
    this.least = chunks > MARKS ? (costs.sum(costs.count) / threads / MARKS) * threads : 0;
    this.marks = [];
    this.open = new Array(threads).fill(null);
    this.first = new Array(threads).fill(null);
    this.last = new Float64Array(threads);
    this.columns = new Columns(costs.count);
    this.chunks = 0;
  }
  ran(thread, first, past, begin, end) {
    const open = this.open[thread];
    this.chunks++;
    this.columns.add(first, past, thread);
    this.first[thread] ??= begin;
    this.last[thread] = end;
    if (open && end - open.begin < this.least) {
      open.end = end;
      open.ns += end - begin;
      open.spans++;
      open.first = Math.min(open.first, first);
      open.past = Math.max(open.past, past);
      open.count += past - first;
      return;
    }
    this.open[thread] = {
      row: thread,
      kind: 'chunk',
      slot: thread,
      begin,
      end,
      ns: end - begin,
      spans: 1,
      first,
      past,
      count: past - first,
    };
    this.marks.push(this.open[thread]);
  }
  finish(time, threads) {
    for (const mark of this.marks) mark.text = rangeText(mark.first, mark.past, mark.count);
    for (let t = 0; t < threads; t++) {
      const from = this.first[t] === null ? 0 : this.last[t];
      if (this.first[t] !== null)
        this.marks.push({row: t, kind: 'member', slot: t, begin: this.first[t], end: from, spans: 1});
      if (time > from) this.marks.push({row: t, kind: 'wait', slot: t, begin: from, end: time, spans: 1});
    }
  }
}

/** Plays a choice {costs, threads, sharing, chunk, overheads}, with all that is to be drawn of it. */
export function play(choice) {
  const {costs, threads} = choice;
  const recorder = new Recorder(costs, threads, chunksAtMost(choice.sharing, costs.count, choice.chunk, threads));
  const prediction = simulate({...choice, ran: (...chunk) => recorder.ran(...chunk)});
  const parts = {busy: 0, start: 0, overhead: 0, ending: 0};
  for (let t = 0; t < threads; t++) {
    const start = recorder.first[t],
      busy = prediction.busy[t];
    parts.busy += busy;
    parts.start += start ?? 0;
    parts.ending += start === null ? prediction.time : prediction.time - recorder.last[t];
    if (start !== null) parts.overhead += recorder.last[t] - start - busy;
  }
  recorder.finish(prediction.time, threads);
  return {...prediction, parts, chunks: recorder.chunks, marks: recorder.marks, columns: recorder.columns};
}

export function isPlayable(choice) {
  return chunksAtMost(choice.sharing, choice.costs.count, choice.chunk, choice.threads) <= CHUNKS_PLAYED;
}
