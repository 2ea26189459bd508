/**
 * The syntax tree of the T-SQL subset that the practice server understands.
 *
 * The parser builds it, the engine reads it. Whatever has no shape here is refused by name while the batch is
 * parsed, before anything runs: nothing is ever skipped in silence.
 */

/** Where a node begins: line (from 1, within the batch) and offset in the batch's text. */
export type Position = { readonly line: number; readonly offset: number };

/** A name as written without its quotes, with where it stood. */
export type Name = { readonly text: string; readonly at: Position };

/** `server.database.schema.object`; missing parts are undefined. `db..t` has an undefined schema. */
export type ObjectName = {
  readonly database?: string;
  readonly schema?: string;
  readonly name: string;
  readonly at: Position;
};

/** A type as written: `numeric(32,16)` is { name: 'numeric', arguments: [32, 16] }, `nvarchar(max)` has ['max']. Names are lower case. */
export type TypeName = {
  readonly schema?: string;
  readonly name: string;
  readonly arguments: readonly (number | 'max')[];
  readonly at: Position;
};

// ---------------------------------------------------------------- expressions

export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal; readonly at: Position }
  /** `a`, `t.a`, `dbo.t.a`, `db.dbo.t.a`: the parts from left to right. */
  | { readonly kind: 'column'; readonly parts: readonly string[]; readonly at: Position }
  /** `@name` in lower case with its @; `@@ROWCOUNT` too, as `@@rowcount`. */
  | { readonly kind: 'variable'; readonly name: string; readonly at: Position }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | '~';
      readonly operand: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'collate';
      readonly operand: Expression;
      readonly collation: string;
      readonly at: Position;
    }
  /** Simple CASE has `operand`; a searched CASE has conditions in its branches. IIF is parsed into this. */
  | {
      readonly kind: 'simple-case';
      readonly operand: Expression;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise?: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Condition; readonly result: Expression }[];
      readonly otherwise?: Expression;
      readonly at: Position;
    }
  /** CAST and CONVERT; also `(SELECT .. FOR XML PATH(''), TYPE).value('.', type)`, the only xml method with a shape. */
  | {
      readonly kind: 'cast';
      readonly operand: Expression;
      readonly type: TypeName;
      readonly style?: Expression;
      readonly isTry: boolean;
      readonly form: 'cast' | 'convert';
      readonly at: Position;
    }
  /** Any function: COALESCE, NULLIF, ISNULL, GETDATE, OBJECT_ID, dbo.f. `name` keeps the written case; aggregates have `distinct` or `star`. DATEADD and its kin hold the part as a column expression in the first argument. */
  | {
      readonly kind: 'call';
      readonly name: ObjectName;
      readonly arguments: readonly Expression[];
      readonly distinct?: boolean;
      readonly star?: boolean;
      readonly over?: Window;
      readonly withinGroup?: readonly OrderItem[];
      readonly at: Position;
    }
  | { readonly kind: 'subquery'; readonly query: Query; readonly at: Position }
  | {
      readonly kind: 'at-time-zone';
      readonly operand: Expression;
      readonly zone: Expression;
      readonly at: Position;
    }
  /** `$action` in MERGE is refused; `$identity`, `$rowguid` columns are. NEXT VALUE FOR is refused. */
  | { readonly kind: 'default'; readonly at: Position };

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';

export type Literal =
  | { readonly type: 'null' }
  /** Digits as written: fits int, else becomes numeric with as many digits as written. */
  | { readonly type: 'integer'; readonly text: string }
  | { readonly type: 'decimal'; readonly text: string }
  | { readonly type: 'float'; readonly text: string }
  | { readonly type: 'money'; readonly text: string }
  | { readonly type: 'string'; readonly text: string; readonly isUnicode: boolean }
  /** Hexadecimal digits after 0x, in pairs. */
  | { readonly type: 'binary'; readonly hex: string };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'quantified';
      readonly operator: Comparison;
      readonly quantifier: 'all' | 'any';
      readonly left: Expression;
      readonly query: Query;
      readonly at: Position;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly left: Condition;
      readonly right: Condition;
      readonly at: Position;
    }
  | { readonly kind: 'not'; readonly operand: Condition; readonly at: Position }
  | {
      readonly kind: 'is-null';
      readonly operand: Expression;
      readonly isNegated: boolean;
      readonly at: Position;
    }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly isNegated: boolean;
      readonly at: Position;
    }
  | {
      readonly kind: 'in-list';
      readonly operand: Expression;
      readonly list: readonly Expression[];
      readonly isNegated: boolean;
      readonly at: Position;
    }
  | {
      readonly kind: 'in-query';
      readonly operand: Expression;
      readonly query: Query;
      readonly isNegated: boolean;
      readonly at: Position;
    }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: Expression;
      readonly isNegated: boolean;
      readonly at: Position;
    }
  | { readonly kind: 'exists'; readonly query: Query; readonly at: Position }
  /** `UPDATE(column)` inside a trigger. */
  | { readonly kind: 'update-of'; readonly column: string; readonly at: Position };

export type Window = {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrame;
};
export type WindowFrame = {
  readonly unit: 'rows' | 'range';
  readonly from: FrameBound;
  readonly to: FrameBound;
};
export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row' }
  | { readonly kind: 'preceding' | 'following'; readonly rows: number };
export type OrderItem = { readonly expression: Expression; readonly descending: boolean };

// ---------------------------------------------------------------- queries

/** A whole query expression: CTEs, set operations, ORDER BY and OFFSET at the end. */
export type Query = {
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly offset?: { readonly skip: Expression; readonly fetch?: Expression };
  /** Only `FOR XML PATH('')` of the string-joining idiom has a shape; every other FOR is refused. */
  readonly forXmlPath?: { readonly element: string; readonly isTyped: boolean };
  readonly options: readonly QueryHint[];
  readonly at: Position;
};
/** OPTION (...) hints that are accepted and recorded: MAXDOP n, RECOMPILE, MAXRECURSION n, FORCE ORDER, ... */
export type QueryHint = { readonly name: string; readonly value?: number };
export type CommonTable = {
  readonly name: string;
  readonly columns?: readonly string[];
  readonly query: Query;
  readonly at: Position;
};

export type QueryBody =
  | SelectBody
  | {
      readonly kind: 'set-operation';
      readonly operator: 'union' | 'union-all' | 'except' | 'intersect';
      readonly left: QueryBody;
      readonly right: QueryBody;
      readonly at: Position;
    }
  /** A body in parentheses is the inner body itself when it has no ORDER BY of its own. */
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[]; readonly at: Position };

export type SelectBody = {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top?: Top;
  readonly items: readonly SelectItem[];
  /** SELECT ... INTO target. */
  readonly into?: ObjectName;
  readonly from: readonly TableSource[];
  readonly where?: Condition;
  readonly groupBy: readonly Expression[];
  readonly having?: Condition;
  readonly at: Position;
};
export type Top = { readonly count: Expression; readonly isPercent: boolean; readonly withTies: boolean };

export type SelectItem =
  | { readonly kind: 'star'; readonly qualifier?: readonly string[]; readonly at: Position }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly alias?: string;
      readonly at: Position;
    }
  /** SELECT @x = expression, SELECT @x += expression. */
  | {
      readonly kind: 'assignment';
      readonly variable: string;
      readonly operator: AssignmentOperator;
      readonly expression: Expression;
      readonly at: Position;
    };

export type AssignmentOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=';

export type TableSource =
  | {
      readonly kind: 'table';
      readonly name: ObjectName;
      readonly alias?: string;
      readonly hints: readonly TableHint[];
      readonly at: Position;
    }
  /** `@t` as a table. */
  | { readonly kind: 'table-variable'; readonly name: string; readonly alias?: string; readonly at: Position }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly columns?: readonly string[];
      readonly at: Position;
    }
  /** A table-valued function, of ours or of the system (string_split, sys.dm_os_volume_stats(...)). */
  | {
      readonly kind: 'function';
      readonly name: ObjectName;
      readonly arguments: readonly Expression[];
      readonly alias?: string;
      readonly columns?: readonly string[];
      readonly at: Position;
    }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
      readonly left: TableSource;
      readonly right: TableSource;
      readonly on?: Condition;
      readonly at: Position;
    }
  | {
      readonly kind: 'apply';
      readonly type: 'cross' | 'outer';
      readonly left: TableSource;
      readonly right: TableSource;
      readonly at: Position;
    };

/** NOLOCK, UPDLOCK, HOLDLOCK, TABLOCKX, READPAST, ... in lower case; INDEX(...) is recorded as 'index'. Unknown hints are refused by the parser. */
export type TableHint = string;

// ---------------------------------------------------------------- statements

export type Batch = { readonly statements: readonly Statement[] };

export type Statement = (
  | QueryStatement
  | DataStatement
  | DefinitionStatement
  | SecurityStatement
  | ControlStatement
  | SessionStatement
) & {
  readonly at: Position /** The statement's own text, for sys.sql_modules and error reports. */;
  readonly text: string;
};

export type QueryStatement = { readonly kind: 'query'; readonly query: Query };

export type DataStatement =
  | {
      readonly kind: 'insert';
      readonly with: readonly CommonTable[];
      readonly top?: Top;
      readonly target: DataTarget;
      readonly columns?: readonly Name[];
      readonly output?: Output;
      readonly source: InsertSource;
    }
  | {
      readonly kind: 'update';
      readonly with: readonly CommonTable[];
      readonly top?: Top;
      readonly target: DataTarget;
      readonly set: readonly SetItem[];
      readonly output?: Output;
      readonly from: readonly TableSource[];
      readonly where?: Condition;
      readonly options: readonly QueryHint[];
    }
  | {
      readonly kind: 'delete';
      readonly with: readonly CommonTable[];
      readonly top?: Top;
      readonly target: DataTarget;
      readonly output?: Output;
      readonly from: readonly TableSource[];
      readonly where?: Condition;
      readonly options: readonly QueryHint[];
    }
  | {
      readonly kind: 'merge';
      readonly with: readonly CommonTable[];
      readonly top?: Top;
      readonly target: DataTarget;
      readonly alias?: string;
      readonly source: TableSource;
      readonly on: Condition;
      readonly clauses: readonly MergeClause[];
      readonly output?: Output;
      readonly options: readonly QueryHint[];
    }
  | { readonly kind: 'truncate'; readonly table: ObjectName }
  /** INSERT BULK, sent by the driver before a bulk-load message. */
  | {
      readonly kind: 'insert-bulk';
      readonly table: ObjectName;
      readonly columns: readonly {
        readonly name: Name;
        readonly type: TypeName;
        readonly collation?: string;
      }[];
      readonly options: readonly string[];
    };

/** A table, a table variable, or an alias of the FROM clause (looked up by the engine). */
export type DataTarget =
  | { readonly kind: 'table'; readonly name: ObjectName; readonly hints: readonly TableHint[] }
  | { readonly kind: 'table-variable'; readonly name: string; readonly at: Position };
export type InsertSource =
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'execute'; readonly execute: Execute }
  | { readonly kind: 'default-values' };
export type SetItem =
  | {
      readonly kind: 'column';
      readonly column: readonly string[];
      readonly operator: AssignmentOperator;
      readonly expression: Expression;
      readonly at: Position /** `@v = column = expression`. */;
      readonly variable?: string;
    }
  | {
      readonly kind: 'variable';
      readonly variable: string;
      readonly operator: AssignmentOperator;
      readonly expression: Expression;
      readonly at: Position;
    };
export type MergeWhen = 'matched' | 'not-matched-by-target' | 'not-matched-by-source';
export type MergeClause = {
  readonly when: MergeWhen;
  readonly and?: Condition;
  readonly action:
    | { readonly kind: 'update'; readonly set: readonly SetItem[] }
    | { readonly kind: 'delete' }
    | {
        readonly kind: 'insert';
        readonly columns?: readonly Name[];
        readonly source: Extract<InsertSource, { kind: 'values' | 'default-values' }>;
      };
};
/** OUTPUT items see the pseudo-tables inserted and deleted. `into` and a second plain OUTPUT may stand together. */
export type Output = {
  readonly items?: readonly SelectItem[];
  readonly into?: {
    readonly items: readonly SelectItem[];
    readonly target: DataTarget;
    readonly columns?: readonly Name[];
  };
};

export type ColumnDefinition = {
  readonly name: Name;
  readonly type?: TypeName;
  readonly collation?: string;
  /** undefined = not said (then NULL, unless part of a primary key or the session says otherwise). */
  readonly isNullable?: boolean;
  readonly identity?: { readonly seed: bigint; readonly increment: bigint };
  readonly isRowGuid: boolean;
  readonly computed?: {
    readonly expression: Expression;
    readonly text: string;
    readonly isPersisted: boolean;
  };
  readonly constraints: readonly ConstraintDefinition[];
};
export type ConstraintDefinition =
  | {
      readonly kind: 'primary-key' | 'unique';
      readonly name?: string;
      readonly isClustered?: boolean;
      readonly columns: readonly IndexColumn[];
      readonly at: Position;
    }
  | {
      readonly kind: 'check';
      readonly name?: string;
      readonly condition: Condition;
      readonly text: string;
      readonly at: Position;
    }
  | {
      readonly kind: 'default';
      readonly name?: string;
      readonly expression: Expression;
      readonly text: string /** For ALTER TABLE ADD DEFAULT ... FOR. */;
      readonly column?: string;
      readonly withValues: boolean;
      readonly at: Position;
    }
  | {
      readonly kind: 'foreign-key';
      readonly name?: string;
      readonly columns: readonly string[];
      readonly references: ObjectName;
      readonly referencedColumns: readonly string[];
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
      readonly at: Position;
    };
export type ReferentialAction = 'no action' | 'cascade' | 'set null' | 'set default';
export type IndexColumn = { readonly name: string; readonly descending: boolean };

export type TableDefinition = {
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly indexes: readonly IndexDefinition[];
};
export type IndexDefinition = {
  readonly name: string;
  readonly isUnique: boolean;
  readonly isClustered: boolean;
  readonly columns: readonly IndexColumn[];
  readonly include: readonly string[];
  readonly filter?: { readonly condition: Condition; readonly text: string };
  readonly options: Options;
};
/** Options that are accepted and recorded, names in lower case. */
export type Options = Readonly<Record<string, string | number | boolean>>;

export type Parameter = {
  readonly name: string;
  readonly type: TypeName;
  readonly default?: Expression;
  readonly isOutput: boolean;
  readonly isReadOnly: boolean;
};

export type DefinitionStatement =
  /** File properties are options named `data.size`, `log.filename`, and `data2.size` for a second file. */
  | {
      readonly kind: 'create-database';
      readonly name: string;
      readonly collation?: string;
      readonly options: Options;
    }
  | { readonly kind: 'alter-database'; readonly name: string | 'current'; readonly change: DatabaseChange }
  | {
      readonly kind: 'drop';
      readonly object:
        | 'database'
        | 'table'
        | 'view'
        | 'procedure'
        | 'function'
        | 'trigger'
        | 'schema'
        | 'type'
        | 'synonym'
        | 'sequence'
        | 'role'
        | 'user'
        | 'login';
      readonly names: readonly ObjectName[];
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'drop-index';
      readonly indexes: readonly { readonly name: string; readonly table: ObjectName }[];
      readonly ifExists: boolean;
    }
  | { readonly kind: 'create-schema'; readonly name: string; readonly owner?: string }
  | { readonly kind: 'create-table'; readonly name: ObjectName; readonly definition: TableDefinition }
  | { readonly kind: 'alter-table'; readonly name: ObjectName; readonly change: TableChange }
  | { readonly kind: 'create-index'; readonly table: ObjectName; readonly index: IndexDefinition }
  | {
      readonly kind: 'alter-index';
      readonly index: string | 'all';
      readonly table: ObjectName;
      readonly action: 'rebuild' | 'reorganize' | 'disable';
    }
  | {
      readonly kind: 'create-view';
      readonly name: ObjectName;
      readonly columns?: readonly string[];
      readonly query: Query;
      readonly isAlter: boolean;
      readonly isOrAlter: boolean;
      readonly isSchemaBound: boolean;
    }
  | {
      readonly kind: 'create-procedure';
      readonly runAs?: ModuleIdentity;
      readonly name: ObjectName;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Statement[];
      readonly isAlter: boolean;
      readonly isOrAlter: boolean;
      readonly options: readonly string[];
    }
  | {
      readonly kind: 'create-function';
      readonly name: ObjectName;
      readonly parameters: readonly Parameter[];
      readonly returns: FunctionReturns;
      readonly isAlter: boolean;
      readonly isOrAlter: boolean;
      readonly options: readonly string[];
    }
  | {
      readonly kind: 'create-trigger';
      readonly runAs?: ModuleIdentity;
      readonly name: ObjectName;
      readonly table: ObjectName;
      readonly timing: 'after' | 'instead-of';
      readonly events: readonly ('insert' | 'update' | 'delete')[];
      readonly body: readonly Statement[];
      readonly isAlter: boolean;
      readonly isOrAlter: boolean;
    }
  | {
      readonly kind: 'create-type';
      readonly name: ObjectName;
      readonly definition:
        | { readonly kind: 'table'; readonly table: TableDefinition }
        | { readonly kind: 'alias'; readonly type: TypeName; readonly isNullable?: boolean };
    };

export type FunctionReturns =
  | { readonly kind: 'scalar'; readonly type: TypeName; readonly body: readonly Statement[] }
  | { readonly kind: 'inline-table'; readonly query: Query };

export type DatabaseChange =
  | {
      readonly kind: 'set';
      readonly options: Options;
      readonly termination?: 'rollback-immediate' | 'no-wait';
    }
  | { readonly kind: 'collate'; readonly collation: string }
  | { readonly kind: 'modify-name'; readonly name: string }
  | { readonly kind: 'modify-file'; readonly options: Options };

export type TableChange =
  | {
      readonly kind: 'add';
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
      readonly check?: boolean;
    }
  | {
      readonly kind: 'alter-column';
      readonly column: string;
      readonly type: TypeName;
      readonly collation?: string;
      readonly isNullable?: boolean;
    }
  | { readonly kind: 'alter-column-rowguid'; readonly column: string; readonly add: boolean }
  | {
      readonly kind: 'drop';
      readonly items: readonly {
        readonly kind: 'column' | 'constraint';
        readonly name: string;
        readonly ifExists: boolean;
      }[];
    }
  | {
      readonly kind: 'check-constraints';
      readonly enable: boolean;
      readonly withCheck: boolean;
      readonly names: readonly string[] | 'all';
    }
  | { readonly kind: 'triggers'; readonly enable: boolean; readonly names: readonly string[] | 'all' }
  | { readonly kind: 'set'; readonly options: Options }
  | { readonly kind: 'rebuild' };

export type Securable = {
  readonly class: 'server' | 'database' | 'schema' | 'object' | 'login' | 'user' | 'role' | 'type';
  readonly name?: ObjectName;
  readonly columns?: readonly string[];
};
export type SecurityStatement =
  /** ALTER LOGIN has `isAlter` and says nothing about `from`. HASHED, MUST_CHANGE and UNLOCK are options set to true. */
  | {
      readonly kind: 'create-login';
      readonly name: string;
      readonly from: 'password' | 'windows';
      readonly password?: Literal;
      readonly options: Options;
      readonly isAlter: boolean;
      readonly change?: 'enable' | 'disable' | 'with';
    }
  | {
      readonly kind: 'create-user';
      readonly name: string;
      readonly login?: string;
      readonly withoutLogin: boolean;
      readonly options: Options;
      readonly isAlter: boolean;
    }
  | { readonly kind: 'create-role'; readonly name: string; readonly owner?: string }
  | {
      readonly kind: 'alter-role';
      readonly name: string;
      readonly scope: 'database' | 'server';
      readonly change:
        | { readonly kind: 'add' | 'drop'; readonly member: string }
        | { readonly kind: 'rename'; readonly name: string };
    }
  /**
   * Permissions in lower case with one space between words, ALL PRIVILEGES as 'all' and EXEC as 'execute'. The columns
   * of GRANT SELECT (a) ON t are those of `on`. For REVOKE, `withGrantOption` is GRANT OPTION FOR.
   */
  | {
      readonly kind: 'grant' | 'deny' | 'revoke';
      readonly permissions: readonly string[];
      readonly on?: Securable;
      readonly to: readonly string[];
      readonly withGrantOption: boolean;
      readonly cascade: boolean;
    }
  | { readonly kind: 'alter-authorization'; readonly on: Securable; readonly to: string }
  | {
      readonly kind: 'enable-trigger';
      readonly enable: boolean;
      readonly names: readonly string[] | 'all';
      readonly table: ObjectName;
    };

/** The value is a constant, a variable or DEFAULT; a bare word (`EXEC p x`) is a Unicode string literal. */
export type ExecuteArgument = {
  readonly name?: string;
  readonly value: Expression;
  readonly isOutput: boolean;
};
export type Execute = {
  readonly kind: 'execute';
  readonly returnTo?: string;
  readonly target:
    | { readonly kind: 'procedure'; readonly name: ObjectName }
    | { readonly kind: 'procedure-variable'; readonly name: string }
    | { readonly kind: 'text'; readonly text: Expression };
  readonly arguments: readonly ExecuteArgument[];
};

export type ControlStatement =
  | { readonly kind: 'block'; readonly statements: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Condition;
      readonly then: Statement;
      readonly otherwise?: Statement;
    }
  | { readonly kind: 'while'; readonly condition: Condition; readonly body: Statement }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value?: Expression }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] }
  | { readonly kind: 'throw'; readonly arguments?: readonly [Expression, Expression, Expression] }
  | {
      readonly kind: 'raiserror';
      readonly message: Expression;
      readonly severity: Expression;
      readonly state: Expression;
      readonly arguments: readonly Expression[];
      readonly options: readonly ('nowait' | 'log' | 'seterror')[];
    }
  | { readonly kind: 'print'; readonly message: Expression }
  /** A DECLARE that holds scalar variables and tables becomes a block of these two. */
  | {
      readonly kind: 'declare';
      readonly variables: readonly {
        readonly name: string;
        readonly type: TypeName;
        readonly value?: Expression;
      }[];
    }
  | { readonly kind: 'declare-table'; readonly name: string; readonly definition: TableDefinition }
  | {
      readonly kind: 'set-variable';
      readonly variable: string;
      readonly operator: AssignmentOperator;
      readonly value: Expression;
    }
  | { readonly kind: 'waitfor-delay'; readonly delay: Expression }
  | Execute;

export type SessionStatement =
  /** `name` is 'default' or a literal of the language list; USE keeps its database name. */
  | { readonly kind: 'use'; readonly database: string }
  /** SET NOCOUNT ON and its kin: lower case names; several at once are several options. */
  | { readonly kind: 'set-option'; readonly options: readonly string[]; readonly value: boolean }
  /** SET DATEFIRST 7, LOCK_TIMEOUT n, TEXTSIZE n, LANGUAGE x, DATEFORMAT mdy, DEADLOCK_PRIORITY x, CONTEXT_INFO 0x.., ROWCOUNT n, QUERY_GOVERNOR_COST_LIMIT n. A bare word is a string literal. */
  | { readonly kind: 'set-value'; readonly option: string; readonly value: Expression }
  | {
      readonly kind: 'set-isolation';
      readonly level: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';
    }
  | { readonly kind: 'set-identity-insert'; readonly table: ObjectName; readonly value: boolean }
  | {
      readonly kind: 'begin-transaction' | 'commit' | 'rollback' | 'save-transaction';
      readonly name?: string | { readonly variable: string };
    }
  | {
      readonly kind: 'dbcc';
      readonly command: string;
      readonly arguments: readonly Expression[];
      readonly options: readonly string[];
    }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'execute-as'; readonly identity: Impersonation }
  | { readonly kind: 'revert' };

/** Whom EXECUTE AS names; the name is an expression, most often a literal. */
export type Impersonation = { readonly principal: 'user' | 'login'; readonly name: Expression };

/** WITH EXECUTE AS of a module; CALLER is not said. */
export type ModuleIdentity =
  | { readonly kind: 'owner' | 'self' }
  | { readonly kind: 'user'; readonly name: string };
