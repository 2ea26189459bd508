// A process of its own for `memory.ts`: one cycle of the shop on the server that it is told, then how much memory it had.
import { readFileSync } from 'node:fs';
import type { ServerAddress } from '../practice/server.ts';
import { cycleOnce } from './shop.ts';

const address: ServerAddress = JSON.parse(process.argv[2] ?? '{}');
const rows = await cycleOnce(address);
const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log(JSON.stringify({ rows, megabytes: Number(peak) / 1024 }));
