import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { printTemplate } from '../../src/cli/answers.ts';
import { practice } from '../../src/cli/practice.ts';

it('names the tasks when a template of another one is asked for', async () => {
  await expect(printTemplate('web-shop')).rejects.toMatchObject({
    code: 'unknown-task',
    exit: 'usage',
    hint: expect.stringContaining('store-database'),
  });
});

it('says that the port of a practice server is taken, and how to do without one', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(practice({ port, json: false })).rejects.toMatchObject({
    code: 'port-taken',
    exit: 'prerequisite',
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('--port'),
  });
  other.close();
});
