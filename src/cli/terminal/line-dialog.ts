import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../../core/secret.ts';
import { isErasing, typedLine } from './typed-line.ts';

/** Questions and answers line by line, for terminals that cannot place a cursor and for screen readers. */
export type LineDialog = {
  readonly say: (text: string) => void;
  /** The next line; undefined when there will be none: Ctrl+C, the input has ended, or the dialog was closed. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same, and what is typed is not shown. */
  readonly askUnseen: (question: string) => Promise<Secret | undefined>;
  /** Says something while a question stands, which then stands again below it, or `question` in its place. */
  readonly report: (text: string, question: string) => void;
  readonly close: () => void;
};

/** Lines that are typed ahead are kept for the questions to come. */
export function openLineDialog(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  onInterrupt: () => void,
): LineDialog {
  let isUnseen = false;
  const echo = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      if (!isUnseen) output.write(shown(String(chunk)));
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  // A dumb terminal gets each key as it was typed.
  const shown = (text: string) => {
    if (!isErasing(text)) return text;
    return typedLine(lines.line.slice(0, -1)) === '' ? '' : '\b \b';
  };
  const typed: string[] = [];
  let isOver = false;
  let deliver: ((line: string | undefined) => void) | undefined;
  // Several lines may come at once: only the first answers the question that stands.
  const answer = (line: string | undefined) => {
    const waiting = deliver;
    deliver = undefined;
    waiting?.(line);
  };
  lines.on('line', (keys) => {
    const line = typedLine(keys);
    if (deliver === undefined) typed.push(line);
    else answer(line);
  });
  lines.on('close', () => {
    isOver = true;
    answer(undefined);
  });
  lines.on('SIGINT', () => {
    output.write('\n');
    onInterrupt();
    answer(undefined);
  });
  const next = async () => {
    const ahead = typed.shift();
    if (ahead !== undefined || isOver) return ahead;
    return await new Promise<string | undefined>((resolve) => {
      deliver = resolve;
    });
  };
  const say = (text: string) => output.write(`${text}\n`);
  return {
    say,
    ask: (question) => {
      // It takes no prompt once it is closed; lines that were typed ahead still answer.
      if (!isOver) {
        lines.setPrompt(question);
        lines.prompt();
      }
      return next();
    },
    askUnseen: async (question) => {
      output.write(question);
      isUnseen = true;
      try {
        const line = await next();
        return line === undefined ? undefined : new Secret(line);
      } finally {
        isUnseen = false;
        output.write('\n');
      }
    },
    report: (text, question) => {
      if (deliver === undefined) {
        say(text);
        return;
      }
      say(`\n${text}`);
      lines.setPrompt(question);
      // What has been typed of the answer so far stays.
      lines.prompt(true);
    },
    close: () => lines.close(),
  };
}
