import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { TerminalModel } from '../screens/terminal-model.ts';
import { command, type Workplace } from './storedb.ts';

/** A pseudo-terminal without a native module: util-linux' script, where there is one. */
export const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** storedb in a terminal of 80 columns and 24 rows. */
export class Terminal {
  readonly child: ChildProcess;
  readonly finished: Promise<number | null>;
  everything = '';
  /** What is shown; undefined while plain lines are all there is. */
  readonly screen = new TerminalModel(80, 24);
  #changed: () => void = () => undefined;

  constructor(place: Workplace, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const words = [...command, '--log-dir', place.logs, ...args].map((word) => `'${word}'`);
    const line = `stty cols 80 rows 24; exec ${words.join(' ')}`;
    this.child = spawn('script', ['-qefc', line, '/dev/null'], {
      cwd: place.folder,
      env: {
        ...process.env,
        STOREDB_STATE_DIR: join(place.folder, 'state'),
        LC_ALL: 'C.UTF-8',
        TERM: 'xterm',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.everything += text;
      this.screen.write(text);
      this.#changed();
    });
    this.finished = new Promise((resolve) => this.child.once('close', resolve));
  }

  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Resolves when the screen shows the text; the test's own time limit ends a wait in vain. */
  async shows(text: string): Promise<string> {
    await this.#until(text, () => this.screen.text().includes(text));
    return this.screen.text();
  }

  /** Resolves when the text has been written behind so many characters, with how many it ends behind. */
  async says(text: string, from: number): Promise<number> {
    await this.#until(text, () => this.everything.includes(text, from));
    return this.everything.indexOf(text, from) + text.length;
  }

  async #until(text: string, isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve, reject) => {
        this.#changed = resolve;
        this.finished.then((code) =>
          reject(new Error(`ended with ${code} before "${text}":\n${this.everything}`)),
        );
      });
    }
  }
}
