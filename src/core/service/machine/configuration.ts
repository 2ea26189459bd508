import * as z from 'zod';
import { ExpectedError } from '../../errors.ts';
import { isServiceName } from '../service-name.ts';

const text = z.string().min(1);

/** As whom a side is signed in to; the password is kept apart (see secrets/). */
const account = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), user: text }),
  z.strictObject({ kind: z.literal('ntlm'), domain: text, user: text }),
  z.strictObject({ kind: z.literal('windows') }),
]);

const database = z.strictObject({ server: text, database: text, account });

/** A service of somebody else that ours took the place of, as it was before. */
const formerService = z.strictObject({
  name: text,
  displayName: z.string(),
  startType: text,
  wasRunning: z.boolean(),
});

const configuration = z.strictObject({
  version: z.literal(1),
  service: text.refine(isServiceName, 'is not the name of a service of storedb'),
  register: z.strictObject({ storeId: text, registerId: text, dataAreaId: text }),
  store: database,
  offline: database,
  encryption: z.enum(['verify', 'trust', 'legacy', 'none']),
  /** The certificates that were accepted at the set-up: server key to SHA-256. A service accepts no others. */
  pins: z.record(z.string(), z.string()),
  /** What it runs: the file, what stands before its own arguments, and the file's SHA-256. */
  program: z.strictObject({ file: text, args: z.array(z.string()), sha256: text, version: text }),
  former: z.array(formerService),
});

/** What a service of this computer works with; never a secret. Version 1 of the file. */
export type MachineConfiguration = z.infer<typeof configuration>;
export type FormerService = z.infer<typeof formerService>;
export type DatabaseAccess = MachineConfiguration['store'];

/**
 * The configuration in a file's text. Throws ExpectedError `service-configuration-damaged` that names the file and
 * what is wrong in it.
 */
export function parseConfiguration(json: string, path: string): MachineConfiguration {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw damaged(path, json.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1)
    throw damaged(path, `it has version ${version}, and this storedb knows version 1`);
  const read = configuration.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path: key, message }) => `${key.join('.')}: ${message}`);
  throw damaged(path, problems.slice(0, 3).join('; '));
}

export function printConfiguration(value: MachineConfiguration): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function damaged(path: string, problem: string): ExpectedError {
  return new ExpectedError({
    code: 'service-configuration-damaged',
    exit: 'prerequisite',
    message: `The configuration of the service, ${path}, cannot be used: ${problem}.`,
    hint: 'Install the service again from the answers: storedb service install ANSWERS.',
    details: { file: path },
  });
}
