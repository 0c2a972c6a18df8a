/* SPDX-License-Identifier: MIT */
/* model.js: how long a loop would take on T threads under a schedule, by playing the schedule event by event.
 *
 * This is bench/simulate/simulator.c and ranges.c in another language, function by function and in the same order of
 * arithmetic, so that both come to the same numbers; tests/explorer/model.js compares them. What the model has in it
 * and what it leaves out is told in bench/simulate/simulator.h. */

/** From lib/schedule/tuning.h. */
export const tuning = {
  BATCH_NS: 64000,
  PART_TAKES: 16,
  LEAST_PART: 4,
  BURSTS: 8,
  GROWTH: 8,
  SHORT_NS: 1000,
  FIRST_PART: 32,
  FIRST_UNITS: 64,
  EVEN_UNITS: 64,
  EVEN_BATCH: 1024,
  DIVIDE_NS: 2000,
  KEEP_NS: 4000,
};
const UNITS_MAX = 2147483648;

const quotient = (a, b) => Math.floor(a / b);
const divideUp = (a, b) => quotient(a, b) + (a % b !== 0 ? 1 : 0);

/* --- lib/schedule: static_schedule.h, guided.h, batches.h ---- */

function staticBlock(count, slots, slot) {
  const size = quotient(count, slots),
    larger = count % slots;
  const first = slot * size + Math.min(slot, larger);
  return [first, first + size + (slot < larger ? 1 : 0)];
}

function staticChunks(count, chunk, slots, slot) {
  const chunks = divideUp(count, chunk);
  return slot < chunks ? quotient(chunks - slot - 1, slots) + 1 : 0;
}

function guidedChunk(remaining, slots, minimum) {
  return Math.min(Math.max(divideUp(remaining, slots), minimum), remaining);
}

function batchFirst(length) {
  const part = quotient(length, tuning.FIRST_PART);
  return part === 0 ? 1 : Math.min(part, tuning.FIRST_UNITS);
}
const batchUndivided = (full) => quotient(full * tuning.DIVIDE_NS, tuning.BATCH_NS);
function batchNext(full, units, parts) {
  const part = quotient(quotient(units, parts), tuning.PART_TAKES),
    least = quotient(full, tuning.LEAST_PART) + 1;
  return Math.min(full, Math.max(part, least));
}
function batchEven(first, length) {
  return length < tuning.EVEN_BATCH ? length : length - ((first + length) % tuning.EVEN_UNITS);
}
function batchBurst(length, units, parts) {
  const most = quotient(quotient(units, parts), tuning.BURSTS) + 1;
  const burst = Math.min(quotient(length + tuning.BURSTS - 1, tuning.BURSTS), most);
  if (burst < tuning.EVEN_BATCH / tuning.BURSTS) return burst;
  return divideUp(burst, tuning.EVEN_UNITS) * tuning.EVEN_UNITS;
}

/* --- bench/simulate/events.h: which thread acts next ---- */

class Events {
  constructor() {
    this.heap = [];
  }
  static before(a, b) {
    return a.time < b.time || (a.time === b.time && a.thread < b.thread);
  }
  add(time, thread) {
    const added = {time, thread},
      heap = this.heap;
    let at = heap.length;
    while (at > 0 && Events.before(added, heap[(at - 1) >> 1])) {
      heap[at] = heap[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    heap[at] = added;
  }
  next() {
    const heap = this.heap,
      first = heap[0],
      last = heap.pop(),
      count = heap.length;
    if (count === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && Events.before(heap[child + 1], heap[child])) child++;
      if (!Events.before(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/* --- bench/simulate/simulator.c ---- */

/** ceil(log2(count)) */
function levels(count) {
  let n = 0;
  while (2 ** n < count) n++;
  return n;
}

class Run {
  constructor(simulation) {
    Object.assign(this, simulation); // costs, overheads, threads, sharing, chunk, ran
    this.busy = new Float64Array(this.threads);
    this.end = 0;
    this.events = new Events();
  }
  start(thread) {
    return (this.overheads.forkJoin / 2) * levels(thread + 1);
  }
  runChunk(thread, first, past, time) {
    const cost = this.costs.sum(past) - this.costs.sum(first);
    const begin = time;
    this.busy[thread] += cost;
    time += this.overheads.call + cost;
    if (this.ran) this.ran(thread, first, past, begin, time);
    if (time > this.end) this.end = time;
    return time;
  }
}

function runStatic(run) {
  const {count} = run.costs,
    {chunk, threads} = run;
  for (let t = 0; t < threads; t++) {
    let time = run.start(t);
    if (run.sharing === 'block') {
      const [first, past] = staticBlock(count, threads, t);
      if (first < past) run.runChunk(t, first, past, time);
      continue;
    }
    const chunks = staticChunks(count, chunk, threads, t);
    for (let j = 0; j < chunks; j++) {
      const first = (t + j * threads) * chunk;
      time = run.runChunk(t, first, Math.min(first + chunk, count), time);
    }
  }
}

function runCounter(run) {
  const {overheads, threads} = run,
    {count} = run.costs;
  let next = 0,
    holder = 0,
    freeFrom = 0;
  for (let t = 0; t < threads; t++) run.events.add(run.start(t), t);
  while (run.events.heap.length > 0) {
    const event = run.events.next(),
      left = count - next;
    let taken = Math.min(run.chunk, left);
    freeFrom =
      event.time < freeFrom
        ? freeFrom + overheads.claim
        : holder === event.thread
          ? event.time + overheads.locked
          : event.time + overheads.transfer;
    holder = event.thread;
    if (run.sharing === 'guided') taken = guidedChunk(left, threads, run.chunk);
    if (taken === 0) {
      if (freeFrom > run.end) run.end = freeFrom;
      continue;
    }
    run.events.add(run.runChunk(event.thread, next, next + taken, freeFrom), event.thread);
    next += taken;
  }
}

/* --- bench/simulate/ranges.c ---- */

const TAKE = 0,
  BURST = 1,
  LOOK = 2;

class Ranges {
  constructor(run) {
    this.run = run;
    this.threads = run.threads;
    this.units = divideUp(run.costs.count, run.chunk);
    this.parts = Math.min(this.units, this.threads);
    this.done = 0;
    this.gifts = 0;
    this.hungry = [];
    this.members = [];
    for (let t = 0; t < this.threads; t++) {
      const [first, past] = t < this.parts ? staticBlock(this.units, this.parts, t) : [0, 0];
      this.members.push({
        first,
        past,
        holder: t,
        batchFirst: 0,
        batchPast: 0,
        batchBegin: 0,
        batchStart: 0,
        burst: 0,
        most: 0,
        allBelow: 0,
        next: TAKE,
        victim: 0,
        looks: 0,
        heard: 0,
      });
    }
  }
  at(thread, time, next) {
    this.members[thread].next = next;
    this.run.events.add(time, thread);
  }
  touch(thread, owner) {
    const cost = owner.holder === thread ? this.run.overheads.locked : this.run.overheads.transfer;
    owner.holder = thread;
    return cost;
  }
  offer(thread, time) {
    if (this.hungry.length === 0) return;
    const thief = this.hungry.shift(),
      m = this.members[thief];
    m.victim = thread;
    m.looks = 1;
    m.heard = this.gifts;
    this.at(thief, time + this.run.overheads.transfer, LOOK);
  }
  hunt(thread, time) {
    const m = this.members[thread];
    m.victim = (thread + 1) % this.parts;
    m.looks = this.parts;
    m.heard = this.gifts;
    this.at(thread, time, LOOK);
  }
  adapt(m, units, ns) {
    const limit = m.most * tuning.GROWTH,
      wanted = ns > 0 ? (units * tuning.BATCH_NS) / ns : limit;
    if (wanted < m.most && ns < tuning.SHORT_NS) return;
    setBatch(m, Math.floor(wanted < limit ? wanted : limit));
  }
  runBurst(thread, time) {
    const m = this.members[thread],
      {count} = this.run.costs,
      {chunk} = this.run;
    const units = Math.min(m.burst, m.batchPast - m.batchFirst),
      step = this.run.sharing === 'auto' ? units : 1;
    for (let u = m.batchFirst; u < m.batchFirst + units; u += step)
      time = this.run.runChunk(thread, u * chunk, Math.min((u + step) * chunk, count), time);
    m.batchFirst += units;
    this.done += units;
    this.at(thread, time, BURST);
  }
  take(thread, time) {
    const m = this.members[thread],
      length = m.past - m.first;
    if (length === 0) {
      this.hunt(thread, time);
      return;
    }
    if (m.most === 0) {
      setBatch(m, batchFirst(length));
      m.allBelow = 0;
    }
    time += this.touch(thread, m);
    const most = batchEven(m.first, batchNext(m.most, this.units, this.parts));
    const taken = most <= quotient(length, 2) ? most : length <= m.allBelow ? length : length - quotient(length, 2);
    m.batchBegin = m.batchFirst = m.first;
    m.batchPast = m.first + taken;
    m.first += taken;
    m.batchStart = time;
    m.burst = batchBurst(taken, this.units, this.parts);
    this.runBurst(thread, time);
  }
  handBack(thread, time) {
    const m = this.members[thread],
      left = m.batchPast - m.batchFirst,
      finished = m.batchFirst - m.batchBegin;
    if (m.first === m.past) {
      if (left < 2 || (left * (time - m.batchStart)) / finished < tuning.KEEP_NS) return;
      m.first = m.batchFirst + quotient(left, 2);
      m.past = m.batchPast;
      m.batchPast = m.first;
      this.gifts++;
    }
    this.offer(thread, time);
  }
  endBurst(thread, time) {
    const m = this.members[thread];
    if (m.batchPast > m.batchFirst) {
      if (this.hungry.length > 0) this.handBack(thread, time);
      this.runBurst(thread, time);
      return;
    }
    this.adapt(m, m.batchFirst - m.batchBegin, time - m.batchStart);
    this.at(thread, time, TAKE);
  }
  look(thread, time) {
    const m = this.members[thread],
      lookedAt = m.victim,
      victim = this.members[lookedAt];
    const length = victim.past - victim.first;
    if (m.looks === 0 && m.heard !== this.gifts) {
      this.hunt(thread, time);
      return;
    }
    if (m.looks === 0) {
      this.hungry.push(thread);
      return;
    }
    m.looks--;
    m.victim = (lookedAt + 1) % this.parts;
    if (victim !== m) time += this.touch(thread, victim);
    if (length === 0) {
      this.at(thread, time, LOOK);
      return;
    }
    m.first = victim.first;
    m.past = victim.past;
    if (length > m.allBelow) m.first += quotient(length, 2);
    victim.past = m.first;
    this.gifts++;
    time += this.touch(thread, victim);
    if (victim.past > victim.first) this.offer(lookedAt, time);
    this.take(thread, time);
    if (m.past > m.first) this.offer(thread, time);
  }
  play() {
    for (let t = 0; t < this.threads; t++) this.at(t, this.run.start(t), TAKE);
    while (this.done < this.units) {
      const event = this.run.events.next();
      switch (this.members[event.thread].next) {
        case TAKE:
          this.take(event.thread, event.time);
          break;
        case BURST:
          this.endBurst(event.thread, event.time);
          break;
        case LOOK:
          this.look(event.thread, event.time);
          break;
      }
    }
  }
}

function setBatch(m, units) {
  m.most = units === 0 ? 1 : Math.min(units, UNITS_MAX);
  m.allBelow = batchUndivided(m.most);
}

/**
 * Plays a loop. `sharing` is 'block' (static), 'turn' (static,c), 'counter' (dynamic,c from one counter), 'guided',
 * 'range' (dynamic,c with stealing) or 'auto'; `ran` is told of every chunk: (thread, first, past, begin, end).
 */
export function simulate(simulation) {
  const run = new Run(simulation);
  switch (run.sharing) {
    case 'block':
    case 'turn':
      runStatic(run);
      break;
    case 'counter':
    case 'guided':
      runCounter(run);
      break;
    default:
      new Ranges(run).play();
  }
  const total = run.costs.sum(run.costs.count);
  let most = 0;
  for (const busy of run.busy) most = Math.max(most, busy);
  const time = run.end + (run.overheads.forkJoin / 2) * levels(run.threads);
  return {
    time,
    imbalance: total > 0 ? (most * run.threads) / total : 1,
    efficiency: total > 0 ? total / (run.threads * time) : 1,
    busy: run.busy,
  };
}

/** At most so many calls of a body does the loop have: what is to be played. */
export function chunksAtMost(sharing, count, chunk, threads) {
  if (sharing === 'block' || sharing === 'auto' || sharing === 'guided') return Math.min(count, threads * 1000);
  return divideUp(count, chunk);
}
