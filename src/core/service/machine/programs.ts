import { spawn } from 'node:child_process';

/** How a program of the operating system ended; `code` is undefined where it is not there. */
export type ProgramEnd = {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs programs of the operating system, found by the PATH. Never with a secret among the arguments. */
export type Programs = {
  /** `input` goes to its standard input. */
  run(program: string, args: readonly string[], input?: string): Promise<ProgramEnd>;
};

/** Milliseconds after which a program that does not end is ended. */
const patience = 90_000;

export const programsOfThisComputer: Programs = {
  run: (program, args, input = '') =>
    new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: patience,
        // The messages are searched for nothing, but people read them.
        env: { ...process.env, LC_ALL: 'C' },
      });
      const text = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream].setEncoding('utf8').on('data', (chunk: string) => {
          text[stream] += chunk;
        });
      child.once('error', ({ message }) => resolve({ code: undefined, stdout: '', stderr: message }));
      child.once('close', (code) => resolve({ ...text, code: code ?? 1 }));
      // It may have ended without reading.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    }),
};
