import { ExpectedError } from '../errors.ts';
import { decodeText } from '../text-encoding.ts';

/** Reading a file as it is; failures are those of Node, with their `code`. */
export type Files = { readonly read: (path: string) => Promise<Uint8Array> };

/** Bytes. The longest sensible answers file has some kilobytes; a backup given by mistake has gigabytes of nonsense. */
export const largestAnswers = 1024 * 1024;

/**
 * The text of an answers file: UTF-8, or UTF-16 with its mark, as Notepad and PowerShell write it. Throws
 * ExpectedError `answers-unreadable` (exit answers) for a file that is missing, a folder, locked, or no text.
 */
export async function readAnswersFile(path: string, files: Files): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await files.read(path);
  } catch (error) {
    throw unreadable(path, ...reasonOf(error), error);
  }
  if (bytes.length > largestAnswers) {
    throw unreadable(
      path,
      'is too large for an answers file',
      'Give the YAML or JSON file with the answers.',
    );
  }
  const text = decodeText(bytes);
  if (text === undefined) {
    throw unreadable(path, 'is not a UTF-8 text', 'In Notepad choose "Save as" and the encoding UTF-8.');
  }
  return text;
}

function reasonOf(error: unknown): readonly [string, string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ['does not exist', 'Check the path; "storedb answers template" writes a new file.'];
    case 'EISDIR':
      return ['is a folder', 'Give the file in it, for example answers.yaml.'];
    case 'EACCES':
    case 'EPERM':
      return ['may not be read by this account', 'Check the permissions of the file.'];
    case 'EBUSY':
      return ['is in use by another program', 'Close the program that has the file open.'];
    default:
      return [
        `cannot be read${code === '' ? '' : ` (${code})`}`,
        'Copy the file to this computer and try again.',
      ];
  }
}

function unreadable(path: string, problem: string, hint: string, cause?: unknown): ExpectedError {
  return new ExpectedError({
    code: 'answers-unreadable',
    exit: 'answers',
    message: `${path} ${problem}.`,
    hint,
    details: { file: path },
    cause,
  });
}
