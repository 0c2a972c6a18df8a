/* SPDX-License-Identifier: MIT */
/* build.js: puts the bundled style and script, and the licences of what is in them, into page.html's places. Run by
 * scripts/explorer. */
import {readFileSync} from 'node:fs';

/* Packages that the bundle has parts of: those of package.json, and what they need. */
function packages() {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages,
    found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(lock[`node_modules/${name}`].dependencies ?? {}).forEach(visit);
  };
  Object.keys(lock[''].dependencies).forEach(visit);
  return [...found].sort();
}

function licences() {
  const byText = new Map();
  for (const name of packages()) {
    const text = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim();
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, names]) => `${names.join(', ')}:\n\n${text}`).join('\n\n\n');
}

const escape = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[^\x00-\x7f]/g, (c) => `&#${c.codePointAt(0)};`);
const script = readFileSync('bundle.js', 'utf8').trim();
if (/<\/script|<!--|@DATA@/i.test(script))
  throw new Error('the script would end its own element, or has the mark of the data');

const parts = {STYLE: readFileSync('bundle.css', 'utf8').trim(), LICENCES: escape(licences()), SCRIPT: script};
process.stdout.write(readFileSync('page.html', 'utf8').replace(/@(STYLE|LICENCES|SCRIPT)@/g, (_, name) => parts[name]));
