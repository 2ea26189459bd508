import { fileURLToPath } from 'node:url';
import { jsonLines, prepareDotnetProgram } from '../dotnet-program.ts';

/** A batch to check; `line` is where its first line stands in `file`. */
export type CheckedBatch = {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** How quoted names are read; default true, as storedb's sessions have it. */
  readonly quotedIdentifier?: boolean;
};

/** Something that SQL Server 2008 R2 would refuse. `number` is the parser's own, 0 for a name that is too new. */
export type Finding = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly number: number;
  readonly message: string;
};

/** Microsoft's parser ready to run, or why it cannot be had on this machine. */
export type Linter =
  | { readonly kind: 'ready'; check(batches: readonly CheckedBatch[]): Promise<readonly Finding[]> }
  | { readonly kind: 'unavailable'; readonly reason: 'no .NET SDK' | 'NuGet cannot be reached' };

const folder = fileURLToPath(new URL('.', import.meta.url));

/** See `prepareDotnetProgram` for what is `unavailable` and what is thrown. */
export async function prepareLinter(environment: NodeJS.ProcessEnv = process.env): Promise<Linter> {
  const place = { folder, name: 'tsql-lint', cache: 'tsql-lint' };
  const program = await prepareDotnetProgram(place, environment);
  if (program.kind === 'unavailable') return program;
  return {
    kind: 'ready',
    check: async (batches) => {
      const input = batches.map((batch) => `${JSON.stringify(batch)}\n`).join('');
      const ended = await program.run({ input });
      if (ended.status !== 0 && ended.status !== 1)
        throw new Error(`The T-SQL check ended with ${ended.status}:\n${ended.output}`);
      const findings = jsonLines<Finding>(ended);
      if ((ended.status === 1) !== findings.length > 0)
        throw new Error(`The T-SQL check broke off:\n${ended.output}`);
      return findings;
    },
  };
}
