// `npm run bench`: the budgets, measured in one run on this machine, as a table. Nothing here fails a build: a timed
// assertion is a flaky test. Figures of different runs compare only where they are ratios. Arguments name parts to measure.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureCreation } from './creation.ts';
import { measureDistribution } from './distribute.ts';
import { measureEngine } from './practice/engine.ts';
import { measureWire } from './practice/wire.ts';
import { measureProvisioning } from './provisioning.ts';
import { measureService } from './service.ts';
import { measureStart } from './start.ts';
import { measureChanges } from './sync/changes.ts';
import { measureFirstLoad } from './sync/first-load.ts';
import { measureMemory } from './sync/memory.ts';
import { measureTerminal } from './terminal.ts';

export type Figure = { readonly what: string; readonly measured: string; readonly budget: string };

const root = join(import.meta.dirname, '..', '..');
const executable = join(
  root,
  'dist',
  process.platform === 'win32' ? 'storedb-win-x64.exe' : 'storedb-linux-x64',
);
const program = existsSync(executable)
  ? [executable]
  : [process.execPath, join(root, 'dist', 'app', 'main.mjs')];

console.log(`Program: ${program.join(' ')}`);
if (program.length > 1) console.log('(not the executable: "npm run build" makes it)');

const parts: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  start: () => measureStart(program),
  terminal: () => measureTerminal(program),
  creation: () => measureCreation(program),
  provisioning: () => measureProvisioning(),
  packs: () => measureDistribution(program),
  engine: () => measureEngine(),
  wire: () => measureWire(program),
  'first-load': () => measureFirstLoad(program),
  changes: () => measureChanges(program),
  memory: () => measureMemory(program),
  service: () => measureService(program),
};
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(parts).join(', ')}.`);

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts))
  if (asked.length === 0 || asked.includes(name)) figures.push(...(await measure()));

const width = (key: keyof Figure) => Math.max(key.length, ...figures.map((figure) => figure[key].length));
const row = (figure: Figure) =>
  `| ${figure.what.padEnd(width('what'))} | ${figure.measured.padEnd(width('measured'))} | ${figure.budget.padEnd(width('budget'))} |`;
console.log(row({ what: 'what', measured: 'measured', budget: 'budget' }));
console.log(
  `|${'-'.repeat(width('what') + 2)}|${'-'.repeat(width('measured') + 2)}|${'-'.repeat(width('budget') + 2)}|`,
);
for (const figure of figures) console.log(row(figure));
