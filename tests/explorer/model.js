/* SPDX-License-Identifier: MIT */
/* model.js: the page's model and the simulator of ppar_bench come to the same, chunk by chunk.
 *
 *   node model.js [--tap=FILE] MODEL_CASES      MODEL_CASES: the program of model_cases.c */
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';

import {costsOf, costsOfBins, costsOfShape, shapes} from '../../web/costs.js';
import {chunksAtMost, simulate, tuning} from '../../web/model.js';

const tap = process.argv.find((argument) => argument.startsWith('--tap='))?.slice(6);
const program = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const expected = JSON.parse(execFileSync(program, {maxBuffer: 1 << 28}));
const lines = [];
let failed = 0;

function check(name, wrong) {
  lines.push(`${wrong.length === 0 ? 'ok' : 'not ok'} ${lines.length + 1} - ${name}`);
  if (wrong.length === 0) return;
  failed++;
  console.error(`${name}: ${wrong.length} wrong:\n  ${wrong.slice(0, 5).join('\n  ')}`);
}

/* Exact where both calculate with the same digits. */
function differs(a, b) {
  return expected.exact ? a !== b : Math.abs(a - b) > 1e-6 * Math.abs(b);
}

function digestOf(simulation) {
  let chunks = 0,
    digest = 0;
  const prediction = simulate({
    ...simulation,
    ran: (thread, first, past) => {
      for (const word of [thread, first, past]) digest = (digest * 31 + word) % 1000000007;
      chunks++;
    },
  });
  return {...prediction, chunks, digest};
}

check(
  'the numbers of tuning.h',
  Object.keys(expected.tuning).filter((name) => tuning[name] !== expected.tuning[name]),
);

for (const sharing of ['block', 'turn', 'counter', 'guided', 'range', 'auto']) {
  const wrong = [];
  let cases = 0;
  for (const loop of expected.loops) {
    const costs = costsOf(loop.costs);
    for (const case_ of loop.cases) {
      if (case_.sharing !== sharing) continue;
      const found = digestOf({costs, ...case_});
      const keys = ['time', 'imbalance', 'efficiency', ...(expected.exact ? ['chunks', 'digest'] : [])];
      const off = keys.filter((key) => differs(found[key], case_[key]));
      cases++;
      if (off.length > 0)
        wrong.push(
          `${loop.name} ${loop.costs.length} T=${case_.threads} chunk=${case_.chunk}: ` +
            off.map((key) => `${key} ${found[key]}, expected ${case_[key]}`).join('; '),
        );
      if (found.chunks > chunksAtMost(sharing, costs.count, case_.chunk, case_.threads))
        wrong.push(`${loop.name} T=${case_.threads}: more chunks than were announced: ${found.chunks}`);
    }
  }
  check(`${sharing}: ${cases} loops as the simulator of ppar_bench plays them`, cases > 0 ? wrong : ['no cases']);
}

/* Bins of one iteration are iterations; wider ones keep the sum, and each iteration has its part. */
{
  const values = [5, 1, 0, 7, 3, 3, 9],
    plain = costsOf(values),
    wrong = [];
  const single = costsOfBins(7, 1, values),
    wide = costsOfBins(7, 3, [6, 13, 9]);
  for (let i = 0; i <= 7; i++) if (plain.sum(i) !== single.sum(i)) wrong.push(`sum(${i}) of single bins`);
  if (wide.sum(7) !== 28 || wide.sum(3) !== 6 || wide.sum(1) !== 2 || wide.longest !== 9) wrong.push('wide bins');
  check('recorded costs', wrong);
}

check(
  'shapes have the mean that was asked for',
  shapes
    .filter((shape) => {
      const costs = costsOfShape(shape, 1000, 250);
      return Math.abs(costs.sum(1000) - 250000) > 0.01 || costs.count !== 1000;
    })
    .map((shape) => shape.name),
);

if (tap) writeFileSync(tap, `1..${lines.length}\n${lines.join('\n')}\n`);
console.log(lines.join('\n'));
process.exit(failed === 0 ? 0 : 1);
