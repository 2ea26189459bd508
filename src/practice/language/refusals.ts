import type { RefusedOptionName, RefusedStatementName } from '../features.ts';
import type { Position } from './syntax.ts';
import { SyntaxProblem } from './syntax-problem.ts';

/**
 * What T-SQL has and the practice server does not: the list of features that the parser refuses by name; the rest of
 * the register is features.ts. The numbers are our own and stay as they are once published; SQL Server uses none of them.
 */
export const refusedByParser = {
  cursors: [50102, 'A cursor'],
  goto: [50103, 'GOTO and its label'],
  pivot: [50104, 'PIVOT or UNPIVOT'],
  'table-sample': [50105, 'TABLESAMPLE'],
  'temporal-query': [50106, 'FOR SYSTEM_TIME'],
  'for-xml': [50107, "FOR XML other than PATH('')"],
  'for-json': [50108, 'FOR JSON'],
  'for-browse': [50109, 'FOR BROWSE'],
  'grouping-sets': [50110, 'ROLLUP, CUBE or GROUPING SETS'],
  'group-by-all': [50111, 'GROUP BY ALL'],
  compute: [50112, 'COMPUTE'],
  'external-rowset': [50113, 'OPENROWSET, OPENQUERY, OPENDATASOURCE or OPENXML'],
  'open-json': [50114, 'OPENJSON with a schema'],
  'full-text': [50115, 'Full-text search'],
  'change-tracking': [50116, 'Change tracking'],
  'linked-server': [50117, 'A name of four parts (linked server)'],
  'static-method': [50118, 'A method of a CLR type'],
  'xml-method': [50119, 'A method of an xml value'],
  'odbc-escape': [50120, 'An ODBC escape sequence'],
  sequence: [50121, 'A sequence'],
  'null-treatment': [50122, 'IGNORE NULLS or RESPECT NULLS'],
  'column-write': [50123, 'UPDATE of a column by .WRITE'],
  'update-statistics': [50124, 'UPDATE STATISTICS'],
  'bulk-insert': [50125, 'BULK INSERT'],
  filegroup: [50126, 'A filegroup or partition scheme other than PRIMARY'],
  'not-for-replication': [50127, 'NOT FOR REPLICATION'],
  'column-set': [50128, 'A sparse, masked, encrypted, hidden or FILESTREAM column'],
  'temporal-table': [50129, 'A temporal table'],
  columnstore: [50130, 'A columnstore, XML, spatial or hash index'],
  'partition-switch': [50131, 'ALTER TABLE SWITCH'],
  encryption: [50132, 'WITH ENCRYPTION'],
  'execute-as': [50133, 'EXECUTE AS CALLER, with NO REVERT or a cookie, of a function or a text'],
  clr: [50134, 'A CLR module'],
  'multi-statement-function': [50135, 'A multi-statement table function'],
  'view-check-option': [50136, 'WITH CHECK OPTION'],
  'ddl-trigger': [50137, 'A trigger on the database or server'],
  'numbered-procedure': [50138, 'A numbered procedure'],
  'schema-elements': [50139, 'CREATE SCHEMA with objects inside'],
  'database-attach': [50140, 'Attaching a database or taking a snapshot of one'],
  'distributed-transaction': [50141, 'A distributed transaction'],
  'transaction-mark': [50142, 'BEGIN TRANSACTION WITH MARK'],
  'delayed-durability': [50143, 'Delayed durability'],
  'service-broker': [50144, 'Service Broker'],
  'remote-execution': [50145, 'EXECUTE ... AT a linked server'],
  'result-sets': [50146, 'WITH RESULT SETS'],
  'old-raiserror': [50147, 'RAISERROR without parentheses'],
  'login-from-certificate': [50148, 'A login or user from a certificate, key or external provider'],
  'columns-per-permission': [50149, 'GRANT with different columns for each permission'],
  'grant-as': [50150, 'GRANT, DENY or REVOKE ... AS'],
  'rollback-after': [50151, 'WITH ROLLBACK AFTER'],
  'waitfor-time': [50152, 'WAITFOR other than DELAY'],
  'old-outer-join': [50153, 'The old outer join operator'],
  'xml-schema-collection': [50154, 'A typed xml column'],
  'table-rebuild-partition': [50155, 'A rebuild of one partition'],
  'alter-index-set': [50157, 'ALTER INDEX other than REBUILD, REORGANIZE or DISABLE'],
  'graph-table': [50158, 'CREATE TABLE AS NODE, EDGE, FILETABLE or SELECT'],
  'natively-compiled': [50156, 'A natively compiled module'],
} as const satisfies Record<string, readonly [number: number, name: string]>;

export type RefusedFeature = keyof typeof refusedByParser;

const OPTION = 50190;
const STATEMENT = 50191;

function refusal(number: number, name: string, at: Position): SyntaxProblem {
  return new SyntaxProblem({
    number,
    state: 1,
    class: 16,
    line: at.line,
    text: `Practice server: ${name} is not supported here.`,
  });
}

/** The refusal of a feature of T-SQL that the practice server does not have. */
export function refusedFeature(feature: RefusedFeature, at: Position): SyntaxProblem {
  const [number, name] = refusedByParser[feature];
  return refusal(number, name, at);
}

/** The refusal of an option or hint that is not on the list of those understood; `name` says where it stood too. */
export function refusedOption(name: RefusedOptionName, at: Position): SyntaxProblem {
  return refusal(OPTION, name, at);
}

/** The refusal of a whole statement, named by its first words: BACKUP, CREATE ASSEMBLY. */
export function refusedStatement(name: RefusedStatementName, at: Position): SyntaxProblem {
  return refusal(STATEMENT, name, at);
}
