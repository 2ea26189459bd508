import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { fieldOf } from '../steps/index.ts';
import { isGroup, namesBelow, ownKeys, unknownKey } from './known-keys.ts';
import { syntaxMessage } from './syntax-message.ts';

/** A value as it was written, and where: `answers.yaml:6` or `--set`. */
export type Written = {
  readonly value: string;
  readonly place: string;
  /** Stands in double quotes and has a backslash in it, which means something there: `"SRV01\new"` has a line break. */
  readonly isEscaped: boolean;
};

/** Something wrong in the file; never holds a value, because it may be a password. */
export type PlacedProblem = {
  readonly place: string;
  readonly line: number;
  readonly key: string;
  readonly message: string;
};

/** An answers file as it was read, before anything is known about its values. */
export type AnswersDocument = {
  readonly fileName: string;
  /** Key path to value; blank values are left out. */
  readonly values: ReadonlyMap<string, Written>;
  /** The lines of all known keys, groups and blank ones included. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly PlacedProblem[];
};

// `password: prompt:` is written as documented, but for YAML the second colon begins another mapping.
const unquotedReference = /(\bpassword["']?[ \t]*:[ \t]+)(prompt|stdin):(?=[ \t]*(?:[,}\r\n]|#|$))/g;

/** Reads YAML or JSON (which is YAML as well). Throws nothing: what is wrong stands in `problems`. */
export function readDocument(text: string, fileName: string): AnswersDocument {
  const counter = new LineCounter();
  // failsafe: every value stays the text that was written, so that store 0012 is not 12 and company no is not false.
  // prettyErrors is off because it quotes the line, and the line may hold a password.
  const yaml = text.replace(unquotedReference, "$1'$2:'");
  const document = parseDocument(yaml, {
    schema: 'failsafe',
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const reader = new Reader(yaml, fileName, (offset) => counter.linePos(offset).line);
  for (const error of [...document.errors, ...document.warnings]) {
    reader.report(error.pos[0], '', syntaxMessage(error.code));
  }
  if (document.errors.length === 0) {
    if (isMap(document.contents)) reader.readMap(document.contents, '');
    else reader.report(0, '', 'This is not an answers file: write lines such as "task: store-database".');
  }
  return reader.document();
}

/** Walks the mappings of one file. */
class Reader {
  readonly #text: string;
  readonly #fileName: string;
  readonly #lineAt: (offset: number) => number;
  readonly #values = new Map<string, Written>();
  readonly #lines = new Map<string, number>();
  readonly #problems: PlacedProblem[] = [];

  constructor(text: string, fileName: string, lineAt: (offset: number) => number) {
    this.#text = text;
    this.#fileName = fileName;
    this.#lineAt = lineAt;
  }

  document(): AnswersDocument {
    return { fileName: this.#fileName, values: this.#values, lines: this.#lines, problems: this.#problems };
  }

  report(offset: number, key: string, message: string): void {
    const line = this.#lineAt(offset);
    // A slip of the pen gives the parser several complaints about one line; the first tells enough.
    if (key === '' && this.#problems.some((problem) => problem.line === line)) return;
    this.#problems.push({ place: `${this.#fileName}:${line}`, line, key, message });
  }

  readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const offset = pair.key?.range?.[0] ?? map.range?.[0] ?? 0;
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const key = `${prefix}${name}`;
      if (this.#lines.has(key)) this.report(offset, key, 'Written twice: remove one of them.');
      else if (prefix === '' && ownKeys.includes(name)) this.#readValue(key, offset, pair.value);
      else if (fieldOf(key) !== undefined) this.#readValue(key, offset, pair.value);
      else if (isGroup(key)) this.#readGroup(key, offset, pair.value);
      else {
        const unknown = unknownKey(name, prefix);
        this.report(offset, unknown.key, unknown.message);
      }
    }
  }

  #readGroup(key: string, offset: number, value: Node | null): void {
    this.#lines.set(key, this.#lineAt(offset));
    if (isMap(value)) this.readMap(value, `${key}.`);
    else if (!isBlank(value))
      this.report(offset, key, `A group: write ${namesBelow(`${key}.`).join(', ')} below it, indented.`);
  }

  #readValue(key: string, offset: number, value: Node | null): void {
    const line = this.#lineAt(offset);
    this.#lines.set(key, line);
    if (isBlank(value)) return;
    if (!isScalar(value)) {
      const message = isAlias(value)
        ? 'A reference to another value (*): write the value itself.'
        : 'Write one value, not a list or a group.';
      this.report(offset, key, message);
      return;
    }
    const [begin = 0, end = 0] = value.range ?? [];
    const isEscaped = value.type === 'QUOTE_DOUBLE' && this.#text.slice(begin, end).includes('\\');
    this.#values.set(key, { value: String(value.value), place: `${this.#fileName}:${line}`, isEscaped });
  }
}

function isBlank(node: Node | null): boolean {
  if (node === null) return true;
  if (!isScalar(node)) return false;
  return (
    node.value === null ||
    node.value === '' ||
    (node.type === 'PLAIN' && (node.value === '~' || node.value === 'null'))
  );
}
