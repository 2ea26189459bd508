import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLine } from '../../../src/core/windows/service/command-line.ts';
import { multipleStrings, splitStrings } from '../../../src/core/windows/service/multiple-strings.ts';

/** How CommandLineToArgvW reads the arguments after the program, from its documentation. */
function readArguments(line: string): readonly string[] {
  const args: string[] = [];
  let at = line.indexOf('"', 1) + 1;
  while (at < line.length) {
    while (line[at] === ' ') at += 1;
    let argument = '';
    let isQuoted = false;
    for (; at < line.length && (isQuoted || line[at] !== ' '); at += 1) {
      let slashes = 0;
      while (line[at] === '\\') {
        slashes += 1;
        at += 1;
      }
      if (line[at] === '"') {
        argument += '\\'.repeat(Math.floor(slashes / 2));
        if (slashes % 2 === 1) argument += '"';
        else isQuoted = !isQuoted;
      } else {
        argument += '\\'.repeat(slashes);
        if (at >= line.length || (line[at] === ' ' && !isQuoted)) break;
        argument += line[at];
      }
    }
    args.push(argument);
  }
  return args;
}

it('writes a command line that Windows splits into the same arguments', () => {
  const letters = fc.array(fc.constantFrom('\\', '"', ' ', 'a', 'ö'), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(
        letters.map((parts) => parts.join('')),
        { maxLength: 4 },
      ),
      (args) => {
        expect(readArguments(commandLine('C:\\Program Files\\storedb.exe', args))).toEqual(args);
      },
    ),
  );
});

it('puts several strings into one and takes them apart again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0'))),
      (strings) => {
        const bytes = multipleStrings(strings);
        expect(splitStrings((index) => bytes.readUInt16LE(index * 2))).toEqual(strings);
      },
    ),
  );
});
