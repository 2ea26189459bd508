/** The local groups of a Windows computer by which the product lets people and services at its databases. */

/** As the documentation of the product names them. */
export type LocalGroupName = 'POSUsers' | 'RetailOfflineSyncUsers';

export type LocalGroup = {
  readonly name: LocalGroupName;
  /** What Windows shows beside the group. */
  readonly comment: string;
  /** Whose accounts belong into it, in words. */
  readonly members: string;
};

export const localGroups: readonly LocalGroup[] = [
  {
    name: 'POSUsers',
    comment: 'May use the retail databases at the point of sale',
    members: 'that run POS',
  },
  {
    name: 'RetailOfflineSyncUsers',
    comment: 'May synchronise the retail databases of registers',
    members: 'of services that synchronise',
  },
];

/** The groups of this computer. `make` throws ExpectedError (`administrator-needed`, `windows-refused`). */
export type LocalGroups = {
  /** Its name, as it stands before its groups: COMPUTER\POSUsers. */
  readonly computer: string;
  has(name: LocalGroupName): Promise<boolean>;
  /** One that is there stays as it is. */
  make(group: LocalGroup): Promise<void>;
  /** Puts the account of a service (NT SERVICE\\NAME) into the group, which counts from its next start on. */
  addService(name: LocalGroupName, service: string): Promise<void>;
};

/** Undo, and what an administrator does where storedb may not or is not there. */
export const groupCommand = {
  add: (name: LocalGroupName, comment: string) => `net localgroup ${name} /add /comment:"${comment}"`,
  addMember: (name: LocalGroupName) => `net localgroup ${name} DOMAIN\\ACCOUNT /add`,
  remove: (name: LocalGroupName) => `net localgroup ${name} /delete`,
} as const;

/** How SQL Server names a local group of its computer. */
export function groupAccount(computer: string, name: LocalGroupName): string {
  return `${computer}\\${name}`;
}
