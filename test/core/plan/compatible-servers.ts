import type { MssqlServers } from '../../../src/core/sql/connect.ts';
import { SqlFailure } from '../../../src/core/sql/failures.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import type { SqlRow, SqlSession } from '../../../src/core/sql/session.ts';

/** What Babelfish says of a feature that it lacks. */
export const lacking = 33_557_097;

/**
 * Servers of an engine that is compatible but not SQL Server: it refuses every statement that one of `lacks` matches,
 * and its catalog gives names in lower case.
 */
export function compatibleServers(servers: MssqlServers, lacks: readonly RegExp[]): MssqlServers {
  const refuse = (text: string) => {
    const lacked = lacks.find((feature) => feature.test(text));
    if (lacked === undefined) return;
    const serverMessage = `'${lacked.source}' is not currently supported in Babelfish`;
    throw new SqlFailure({ number: lacking, state: 1, class: 16, line: 1, procedure: '', serverMessage });
  };
  return {
    async connect(target, signal) {
      const session = await servers.connect(target, signal);
      const wrapped: DriverSession = {
        async query<Row extends SqlRow>(...input: Parameters<SqlSession['query']>) {
          refuse(input[0]);
          const rows = await session.query<Row>(...input);
          return isOfCatalog(input[0]) ? rows.map(inLowerCase) : rows;
        },
        async queries(...input) {
          refuse(input[0]);
          const sets = await session.queries(...input);
          return isOfCatalog(input[0]) ? sets.map((rows) => rows.map(inLowerCase)) : sets;
        },
        withDriver: (...input) => session.withDriver(...input),
        async batch(...input) {
          refuse(input[0]);
          return await session.batch(...input);
        },
        get isLost() {
          return session.isLost;
        },
        close: () => session.close(),
      };
      return wrapped;
    },
  };
}

const isOfCatalog = (text: string): boolean => /\bsys\.|INFORMATION_SCHEMA/i.test(text);

/** Columns called name, in whatever way: versions, dates and our own texts stay. */
function inLowerCase<Row extends SqlRow>(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      /name$|^(role|member|schema|table|database)$/i.test(column) && typeof value === 'string'
        ? value.toLowerCase()
        : value,
    ]),
  ) as Row;
}
