import { ExpectedError } from '../errors.ts';

const form = /^\d{1,9}(\.\d{1,9}){1,5}$/;

/** Whether a text is a version: two to six numbers joined by full stops. */
export function isVersion(text: string): boolean {
  return form.test(text);
}

/**
 * Orders versions part by part as numbers: 6.2.10 comes after 6.2.9, and 6.2 equals 6.2.0.0. An older set-up tool
 * compared them as text and ran upgrades in the wrong order. Throws ExpectedError (code `version-unreadable`) for
 * anything that is not a version.
 */
export function compareVersions(left: string, right: string): number {
  const a = partsOf(left);
  const b = partsOf(right);
  for (let part = 0; part < Math.max(a.length, b.length); part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function partsOf(version: string): readonly number[] {
  if (!isVersion(version)) {
    throw new ExpectedError({
      code: 'version-unreadable',
      exit: 'prerequisite',
      message: `"${version.slice(0, 40)}" is not a version.`,
      hint: 'A version is written like 6.2.1.0.',
    });
  }
  return version.split('.').map(Number);
}
