import { type CreateLocalGroup, createLocalGroup } from '../accounts/create-local-group.ts';
import { type CreateLogin, createLogin } from '../accounts/create-login.ts';
import { type LoadPack, loadPack } from '../distribute/load/load-pack.ts';
import { type RegisterReplicas, registerReplicas } from '../offline/replicas/register-replicas.ts';
import { type WritePosConfig, writePosConfig } from '../pos/write-pos-config.ts';
import {
  type InstallService,
  installService,
  type RetireFormerService,
  retireFormerService,
} from '../service/install/install-service.ts';
import { type RemoveService, removeServiceOperation } from '../service/install/remove-service.ts';
import { type StartService, startService } from '../service/install/start-service.ts';
import { type FirstLoad, firstLoad } from '../sync/first-load/first-load.ts';
import type { Performer } from './operation.ts';

/** Every operation that a plan can hold, as data; `kind` says which. */
export type Operation =
  | CreateLocalGroup
  | CreateLogin
  | FirstLoad
  | InstallService
  | LoadPack
  | RegisterReplicas
  | RemoveService
  | RetireFormerService
  | StartService
  | WritePosConfig;

/** Who does it. An operation that nobody does is not compiled. */
export const performers: {
  readonly [Kind in Operation['kind']]: Performer<Extract<Operation, { kind: Kind }>>;
} = {
  'create-local-group': createLocalGroup,
  'create-login': createLogin,
  'load-pack': loadPack,
  'install-service': installService,
  'first-load': firstLoad,
  'register-replicas': registerReplicas,
  'remove-service': removeServiceOperation,
  'retire-former-service': retireFormerService,
  'start-service': startService,
  'write-pos-config': writePosConfig,
};
