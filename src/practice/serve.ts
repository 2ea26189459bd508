/** `node serve.ts --port N --json`: the practice server as a process of its own, until its parent goes or a signal comes. */

import { parseArgs } from 'node:util';
import { startPracticeServer } from './index.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, json: { type: 'boolean', default: false } },
});

const server = await startPracticeServer({ port: Number(values.port) });
const { server: name, user, password } = server;
process.stdout.write(
  values.json ? `${JSON.stringify({ server: name, user, password })}\n` : `${name} ${user} ${password}\n`,
);

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  if (process.connected === true) process.once('disconnect', () => resolve());
});
await server.close();
