import type { TableShape } from '../../offline/tables/table-shape.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { companyColumn } from '../company.ts';

/** Whether any of the tables has a row of another company: then the tables that all share hold rows of that one too. */
export async function hasOtherCompanies(
  session: SqlSession,
  shapes: readonly TableShape[],
  company: string,
  signal: AbortSignal,
): Promise<boolean> {
  const questions = shapes.flatMap((shape) => {
    const own = companyColumn(shape);
    if (own === undefined) return [];
    return [
      `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM ${quoteNames(shape.schema, shape.name)} WHERE ${quoteName(own.name)} <> @company)`,
    ];
  });
  if (questions.length === 0) return false;
  const rows = await session.query(questions.join('\nUNION ALL '), { company }, signal);
  return rows.length > 0;
}
