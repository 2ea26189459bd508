import type { PackFiles } from '../../../src/core/schema/pack.ts';

/** A pack in memory: path -> text or bytes. */
export function packInMemory(files: Readonly<Record<string, string | Uint8Array>>): PackFiles {
  return {
    async read(_location, path) {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
  };
}

/** A list in the form of the field: [version, script] rows. */
export function listOf(...rows: readonly (readonly [string, string])[]): string {
  const elements = rows.map(
    ([version, script]) =>
      `  <POSISUPGRADE>\n    <UPGRADEVERSION>${version}</UPGRADEVERSION>\n    <UPGRADESCRIPT>${script}</UPGRADESCRIPT>\n  </POSISUPGRADE>`,
  );
  return `<?xml version="1.0"?>\n<LIST>\n${elements.join('\n')}\n</LIST>\n`;
}
