import type { PinStore } from './pins.ts';
import type { SqlServers } from './session.ts';

export type SqlServersOptions = {
  readonly pins: PinStore;
  readonly appName: string;
  readonly connectTimeoutMs: number;
};
export declare function createSqlServers(options: SqlServersOptions): SqlServers;
