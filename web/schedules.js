/* SPDX-License-Identifier: MIT */
/* schedules.js: the schedules that there are to choose from, and what operations cost. */

export const schedules = [
  {sharing: 'block', name: () => 'static', about: 'a block for each thread'},
  {sharing: 'turn', name: (c) => `static,${c}`, about: 'chunks in turn', takesChunk: true},
  {sharing: 'range', name: (c) => `dynamic,${c}`, about: "ppar's: own ranges, stealing", takesChunk: true},
  {
    sharing: 'counter',
    name: (c) => `monotonic:dynamic,${c}`,
    about: "one counter, as OpenMP's runtimes have it",
    takesChunk: true,
  },
  {sharing: 'guided', name: (c) => `guided,${c}`, about: 'ever smaller chunks from one counter', takesChunk: true},
  {sharing: 'auto', name: () => 'auto', about: "ppar's choice: stealing, pieces sized by time"},
];
export const scheduleOf = (sharing) => schedules.find((schedule) => schedule.sharing === sharing);

/* Of a common machine; the page of a benchmark has those that it measured. */
export const assumed = {locked: 5, transfer: 140, claim: 90, forkJoin: 300, call: 3};
export const overheadWords = {
  locked: 'locked operation',
  transfer: "cache line's transfer",
  claim: 'claim among others',
  forkJoin: 'fork and join of two',
  call: 'call of a body',
};
