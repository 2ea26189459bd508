/** A practice server in a process of its own, which copies databases and tells what it has cost. Ends with its parent. */

import { startPracticeServer } from '../../../../src/practice/index.ts';

export type ServerOrder = { readonly copy: string; readonly names: readonly string[] } | 'cost';
/** CPU in seconds since the start, the largest resident set in MB. */
export type Cost = { readonly cpu: number; readonly memory: number };
export type ServerWord =
  | { readonly server: string; readonly user: string; readonly password: string }
  | 'copied'
  | Cost;

export const costOfThisProcess = (): Cost => {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS / 1024 };
};

if (process.send !== undefined) {
  const practice = await startPracticeServer({ wire: { encryption: 'unsupported' } });
  const say = (word: ServerWord): void => void process.send?.(word);
  process.on('message', async (order: ServerOrder) => {
    if (order === 'cost') {
      say(costOfThisProcess());
      return;
    }
    const backup = practice.backUp(order.copy);
    for (const name of order.names) await practice.restore(name, backup);
    say('copied');
  });
  process.once('disconnect', () => process.exit(0));
  const { server, user, password } = practice;
  say({ server, user, password });
}
