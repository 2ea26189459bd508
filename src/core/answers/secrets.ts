import { ExpectedError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { decodeText } from '../text-encoding.ts';

/** Where passwords come from. Nothing here is logged; the values leave only inside a `Secret`. */
export type SecretPorts = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: {
    readonly read: (path: string) => Promise<Uint8Array>;
    /** Whether other accounts of this computer may read the file; false where the platform has no such bit. */
    readonly isOpenToOthers: (path: string) => Promise<boolean>;
  };
  /** Asks at the terminal without showing what is typed; undefined when there is no terminal. */
  readonly prompt: (question: string) => Promise<Secret | undefined>;
  /** The next line of standard input without its line end; undefined at the end. */
  readonly nextLine: () => Promise<string | undefined>;
  readonly warn: (message: string) => void;
  /** Passwords that were already typed in the wizard, by key; they come before the reference. */
  readonly typed?: ReadonlyMap<string, Secret>;
};

/** One password of the answers: its key in the file, the reference that stands there, and how to ask for it. */
export type SecretRequest = { readonly key: string; readonly reference: string; readonly question: string };

/**
 * Fetches a password. Several `stdin:` take one line each, in the order of the calls. Throws ExpectedError
 * `secret-unavailable` (exit answers) that names the key and the reference, never the value.
 */
export async function resolveSecret(request: SecretRequest, ports: SecretPorts): Promise<Secret> {
  const typed = ports.typed?.get(request.key);
  if (typed !== undefined) return typed;
  const { reference } = request;
  if (reference.startsWith('env:')) return fromEnvironment(request, reference.slice('env:'.length), ports);
  if (reference.startsWith('file:')) return fromFile(request, reference.slice('file:'.length), ports);
  if (reference === 'prompt:') return fromPrompt(request, ports);
  if (reference === 'stdin:') return fromInput(request, ports);
  // The schema refuses this before; the text is not shown because it may be the password itself.
  throw new Error(`${request.key} holds no reference to a secret`);
}

function fromEnvironment(request: SecretRequest, name: string, ports: SecretPorts): Secret {
  const value = ports.environment[name];
  if (value !== undefined && value !== '') return new Secret(value);
  const state = value === undefined ? 'is not set' : 'is empty';
  throw unavailable(
    request,
    `the environment variable ${name} ${state}`,
    `Set ${name} and run the command again.`,
  );
}

async function fromFile(request: SecretRequest, path: string, ports: SecretPorts): Promise<Secret> {
  let bytes: Uint8Array;
  try {
    bytes = await ports.files.read(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw unavailable(request, `the file cannot be read${code}`, 'Check its path and permissions.', error);
  }
  const text = decodeText(bytes);
  if (text === undefined)
    throw unavailable(request, 'the file is not a UTF-8 text', 'Save it with the encoding UTF-8.');
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  if (line === '')
    throw unavailable(request, 'the first line of the file is empty', 'Write the password there.');
  if (await ports.files.isOpenToOthers(path)) {
    ports.warn(`${path} can be read by other accounts of this computer: restrict it with chmod 600.`);
  }
  return new Secret(line);
}

async function fromPrompt(request: SecretRequest, ports: SecretPorts): Promise<Secret> {
  const secret = await ports.prompt(request.question);
  if (secret === undefined) {
    throw unavailable(
      request,
      'there is no terminal to ask at',
      'Write env:NAME, file:PATH or stdin: instead.',
    );
  }
  if (secret.reveal() === '')
    throw unavailable(request, 'nothing was typed', 'Run the command again and type it.');
  return secret;
}

async function fromInput(request: SecretRequest, ports: SecretPorts): Promise<Secret> {
  const line = await ports.nextLine();
  if (line !== undefined && line !== '') return new Secret(line);
  const state =
    line === undefined ? 'standard input has no more lines' : 'the line of standard input is empty';
  throw unavailable(request, state, 'Send one line for each password, in the order of the answers file.');
}

function unavailable(request: SecretRequest, reason: string, hint: string, cause?: unknown): ExpectedError {
  return new ExpectedError({
    code: 'secret-unavailable',
    exit: 'answers',
    message: `${request.key} (${request.reference}): ${reason}.`,
    hint,
    details: { key: request.key, reference: request.reference },
    cause,
  });
}
