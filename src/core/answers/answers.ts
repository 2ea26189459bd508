import type { EncryptionChoice } from '../sql/session.ts';

/** `env:NAME`, `file:PATH`, `prompt:` or `stdin:`; never the secret itself. */
export type SecretReference = string;

export type Task = 'store-database' | 'offline-database' | 'register-connection';

export type AuthAnswers =
  | { readonly kind: 'sql'; readonly user: string; readonly password: SecretReference }
  | {
      readonly kind: 'ntlm';
      readonly domain: string;
      readonly user: string;
      readonly password: SecretReference;
    }
  | { readonly kind: 'windows' };

export type DatabaseAnswers = { readonly server: string; readonly name: string; readonly auth: AuthAnswers };

/** A complete, valid set of answers (version 1 of the file). The zod schema in schema.ts yields exactly this. */
export type Answers = {
  readonly version: 1;
  readonly task: Task;
  readonly identification?:
    | {
        readonly storeId?: string | undefined;
        readonly registerId?: string | undefined;
        readonly dataAreaId?: string | undefined;
      }
    | undefined;
  readonly storeDatabase: DatabaseAnswers;
  readonly offlineDatabase?: DatabaseAnswers | undefined;
  /** The SQL login that POS and the sync service use at run time, where they do not use Windows accounts. */
  readonly serviceAccount?:
    | { readonly user?: string | undefined; readonly password?: SecretReference | undefined }
    | undefined;
  readonly options: {
    readonly encryption: EncryptionChoice;
    /** 'builtin' or a folder. */
    readonly schemaPack: string;
    readonly offlineProfile: string;
    readonly startService: boolean;
    /** The POS.exe.config to write; where it is not given, the usual folder is looked into. */
    readonly posConfig?: string | undefined;
    /** This computer takes the place of the one that the register was set up on. */
    readonly replaceRegister: boolean;
    /** A pack of initial data, or `sample` on a practice server. */
    readonly initialData?: string | undefined;
  };
};
