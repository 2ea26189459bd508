import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TerminalModel } from '../../test/screens/terminal-model.ts';
import type { Figure } from './main.ts';
import { median } from './median.ts';

const rounds = 7;
const quiet = 400;

/** First frame, bytes for a keystroke and frame height, in a real pseudo-terminal of 80x24 (util-linux `script`). */
export async function measureTerminal(program: readonly string[]): Promise<readonly Figure[]> {
  if (spawnSync('script', ['--version']).status !== 0) {
    return [
      {
        what: 'first frame, keystroke, frame height',
        measured: 'no `script` here: not measured',
        budget: '',
      },
    ];
  }
  const first: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const wizard = new Wizard(program);
    first.push(await wizard.firstFrame);
    await wizard.end();
  }
  const wizard = new Wizard(program);
  await wizard.firstFrame;
  await wizard.settled();
  const height = heightOf(wizard.text);
  // The second page begins with a text field.
  await wizard.press('\r');
  const bytes: number[] = [];
  for (const key of 'HOUSTON') bytes.push(await wizard.press(key));
  await wizard.end();
  return [
    {
      what: 'first wizard frame from process start',
      measured: `${median(first).toFixed(0)} ms`,
      budget: 'at most 350 ms',
    },
    {
      what: 'one keystroke in a field at 80x24',
      measured: `${Math.max(...bytes)} bytes at most, ${median(bytes)} in the middle`,
      budget: 'at most 400 bytes',
    },
    { what: 'frame height at 80x24', measured: `${height} lines`, budget: 'at most 23' },
  ];
}

class Wizard {
  readonly firstFrame: Promise<number>;
  text = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder = mkdtempSync(join(tmpdir(), 'storedb-bench-'));

  constructor(program: readonly string[]) {
    const command = `stty rows 24 cols 80; exec ${program.map((part) => `'${part}'`).join(' ')} --log-dir '${this.#folder}'`;
    const begun = performance.now();
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], {
      env: {
        ...process.env,
        TERM: 'xterm-256color',
        STOREDB_STATE_DIR: this.#folder,
        LANG: 'C.UTF-8',
        CI: '',
      },
    });
    this.firstFrame = new Promise((resolve, reject) => {
      this.#child.stdout.setEncoding('utf8').on('data', (part: string) => {
        this.text += part;
        if (this.text.includes('Step 1 of')) resolve(performance.now() - begun);
      });
      this.#child.once('exit', () => reject(new Error(`the wizard ended: ${this.text}`)));
    });
  }

  /** Resolves with the bytes that have come when nothing more comes for a while. */
  async settled(): Promise<void> {
    for (let seen = -1; seen !== this.text.length; ) {
      seen = this.text.length;
      await delay(quiet);
    }
  }

  async press(key: string): Promise<number> {
    const before = Buffer.byteLength(this.text);
    this.#child.stdin.write(key);
    await this.settled();
    return Buffer.byteLength(this.text) - before;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The lowest line of the screen that anything stands on, from 1. */
function heightOf(text: string): number {
  const screen = new TerminalModel(80, 24);
  screen.write(text);
  return screen.lines().findLastIndex((line) => line !== '') + 1;
}
