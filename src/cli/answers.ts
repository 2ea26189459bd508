import { readFile } from 'node:fs/promises';
import type { Task } from '../core/answers/answers.ts';
import { answersTemplate } from '../core/answers/template.ts';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { chooseProfile } from '../core/offline/profile/choose-profile.ts';
import { loadProfiles } from '../core/offline/profile/load-profiles.ts';
import { fieldOf } from '../core/steps/index.ts';
import { print } from './lost-output.ts';
import { scopeLines } from './profile-lines.ts';
import { readAnswers } from './read-answers.ts';
import { shippedFiles } from './shipped-files.ts';

const tasks = (fieldOf('task')?.options ?? []).map(({ value }) => value as Task);

/** `storedb answers schema`: the JSON Schema of the answers file, for editors. */
export async function printSchema(): Promise<ExitName> {
  await print(await readFile(shippedFiles.answersSchema(), 'utf8'));
  return 'done';
}

/** `storedb answers template`: an answers file with comments, to fill in. */
export async function printTemplate(name: string | undefined): Promise<ExitName> {
  const task = tasks.find((known) => known === name);
  if (name !== undefined && task === undefined) {
    throw new ExpectedError({
      code: 'unknown-task',
      exit: 'usage',
      message: `There is no task ${name}.`,
      hint: `Write one of ${tasks.join(', ')}, or none.`,
    });
  }
  await print(answersTemplate(task));
  return 'done';
}

/** `storedb answers profile [FILE]`: which tables a register keeps, as the files say; no server is asked. */
export async function printProfile(path: string | undefined): Promise<ExitName> {
  const answers = path === undefined ? undefined : await readAnswers(path, []);
  const files = await loadProfiles(shippedFiles.offlineProfile(), answers?.options.schemaPack ?? 'builtin');
  const name = answers?.options.offlineProfile ?? files[0]?.name ?? '';
  const stored = { profiles: [], ofStores: new Map() };
  const { profile } = chooseProfile(name, undefined, stored, files);
  const origin =
    'When head office has sent a profile of this name to the store database, that one is used instead.';
  await print(`${[`Offline profile "${profile.name}"`, origin, ...scopeLines(profile)].join('\n')}\n`);
  return 'done';
}

/** `storedb answers check FILE`: every problem with its line; nothing is connected to. */
export async function check(path: string, overrides: readonly string[]): Promise<ExitName> {
  await readAnswers(path, overrides);
  await print(`${path}: these answers are complete and valid. Passwords and servers were not tried.\n`);
  return 'done';
}
