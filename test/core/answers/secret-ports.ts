import type { SecretPorts } from '../../../src/core/answers/secrets.ts';
import { Secret } from '../../../src/core/secret.ts';

type World = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly openFiles?: readonly string[];
  /** What the technician types; undefined = no terminal. */
  readonly typing?: string;
  readonly input?: readonly string[];
  readonly typed?: ReadonlyMap<string, Secret>;
};

/** Ports that know only what the test gives them; warnings and questions are collected. */
export function secretPorts(world: World): SecretPorts & { warnings: string[]; questions: string[] } {
  const lines = [...(world.input ?? [])];
  const warnings: string[] = [];
  const questions: string[] = [];
  return {
    warnings,
    questions,
    environment: world.environment ?? {},
    files: {
      read: async (path) => {
        const content = world.files?.[path];
        if (content === undefined)
          throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
        return Buffer.from(content);
      },
      isOpenToOthers: async (path) => world.openFiles?.includes(path) ?? false,
    },
    prompt: async (question) => {
      questions.push(question);
      return world.typing === undefined ? undefined : new Secret(world.typing);
    },
    nextLine: async () => lines.shift(),
    warn: (message) => warnings.push(message),
    ...(world.typed === undefined ? {} : { typed: world.typed }),
  };
}
