import { type CreateLogin, createLogin } from '../accounts/create-login.ts';
import { type LoadPack, loadPack } from '../distribute/load/load-pack.ts';
import { type RegisterReplicas, registerReplicas } from '../offline/replicas/register-replicas.ts';
import { type WritePosConfig, writePosConfig } from '../pos/write-pos-config.ts';
import type { Performer } from './operation.ts';

/** Every operation that a plan can hold, as data; `kind` says which. */
export type Operation = CreateLogin | LoadPack | RegisterReplicas | WritePosConfig;

/** Who does it. An operation that nobody does is not compiled. */
export const performers: {
  readonly [Kind in Operation['kind']]: Performer<Extract<Operation, { kind: Kind }>>;
} = {
  'create-login': createLogin,
  'load-pack': loadPack,
  'register-replicas': registerReplicas,
  'write-pos-config': writePosConfig,
};
