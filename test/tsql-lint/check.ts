// `npm run test:tsql`: Microsoft's own parser over sql/ and over what the tests sent, as SQL Server 2008 R2 reads it.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { prepareLinter } from './linter.ts';
import { recordedStatements, shippedBatches } from './statements.ts';

const recording =
  process.env.STOREDB_RECORD_SQL ??
  fileURLToPath(new URL('../../.cache/recorded-sql.jsonl', import.meta.url));

const linter = await prepareLinter();
if (linter.kind === 'unavailable') {
  process.stdout.write(`${linter.reason}: the T-SQL check was skipped\n`);
} else {
  const shipped = await shippedBatches();
  const hasRecording = existsSync(recording);
  const sent = hasRecording ? recordedStatements(await readFile(recording, 'utf8')) : [];
  const findings = await linter.check([...shipped, ...sent]);
  for (const { file, line, column, message } of findings)
    process.stdout.write(`${file}:${line}:${column}: ${message}\n`);
  const sentPart = hasRecording
    ? `${sent.length} statements that the tests sent`
    : 'no recording of what the tests send (npm test makes it)';
  process.stdout.write(
    `T-SQL check (SQL Server 2008 R2): ${shipped.length} batches of sql/, ${sentPart}; ${findings.length} findings\n`,
  );
  process.exitCode = findings.length > 0 ? 1 : 0;
}
