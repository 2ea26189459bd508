import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationsOn, readConfiguration } from '../../../src/core/service/machine/configurations.ts';
import { machinePlaces } from '../../../src/core/service/machine/places.ts';
import { privateFiles } from '../../../src/core/service/machine/private-files.ts';
import { isServiceName, serviceNameOf } from '../../../src/core/service/service-name.ts';
import { folderOfTest } from './folders.ts';
import { sampleConfiguration } from './sample-configuration.ts';

async function onDisk() {
  const places = machinePlaces('linux', await folderOfTest(), {});
  return { places, configurations: configurationsOn(places, privateFiles()) };
}

describe('the name of a service', () => {
  it('is that of its register, in lower case', () => {
    expect(serviceNameOf('HOUSTON-1')).toBe('storedb-houston-1');
  });

  it('is safe for any register id, and different for different ones', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 10 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(isServiceName(serviceNameOf(one))).toBe(true);
        if (one.toLowerCase() !== other.toLowerCase())
          expect(serviceNameOf(one)).not.toBe(serviceNameOf(other));
      }),
    );
  });
});

describe('the machine configuration', () => {
  it('is read as it was written, one for each register', async () => {
    const { configurations } = await onDisk();
    const other = { ...sampleConfiguration, service: 'storedb-houston-2' };
    await configurations.write(sampleConfiguration);
    await configurations.write(other);
    expect(await configurations.find('storedb-houston-1')).toEqual(sampleConfiguration);
    expect(await configurations.find('storedb-houston-2')).toEqual(other);
    expect(await configurations.names()).toEqual(['storedb-houston-1', 'storedb-houston-2']);
    await configurations.remove('storedb-houston-1');
    expect(await configurations.find('storedb-houston-1')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')(
    'is for its owner alone, also its folder, and leaves nothing else',
    async () => {
      const { places, configurations } = await onDisk();
      await configurations.write(sampleConfiguration);
      await configurations.write(sampleConfiguration);
      const path = places.configuration('storedb-houston-1');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
      expect(await readdir(dirname(path))).toEqual(['storedb-houston-1.json']);
    },
  );

  it.each([
    ['', 'it is empty'],
    ['{"version": 1,', 'it is not JSON'],
    ['{"version": 2}', 'it has version 2, and this storedb knows version 1'],
    [JSON.stringify({ ...sampleConfiguration, register: { storeId: 'X' } }), 'register.registerId'],
    [JSON.stringify({ ...sampleConfiguration, password: 'x' }), 'password'],
    ['null', 'cannot be used'],
  ])('says of a damaged file (%j) which one it is and what is wrong', async (text, problem) => {
    const { places, configurations } = await onDisk();
    await configurations.write(sampleConfiguration);
    const path = places.configuration('storedb-houston-1');
    await writeFile(path, text);
    const failure = configurations.find('storedb-houston-1');
    await expect(failure).rejects.toMatchObject({
      code: 'service-configuration-damaged',
      message: expect.stringContaining(path),
    });
    await expect(failure).rejects.toThrow(problem);
  });

  it('names the file itself when the copy that the service was handed is missing', async () => {
    const { places } = await onDisk();
    const path = places.configuration('storedb-houston-1');
    await expect(readConfiguration(path, `${path}.copy`)).rejects.toMatchObject({
      code: 'service-configuration-missing',
      message: expect.stringContaining(path),
      hint: expect.stringContaining('storedb service install'),
    });
  });

  it('holds no field for a password', async () => {
    const { places, configurations } = await onDisk();
    await configurations.write(sampleConfiguration);
    const text = await readFile(places.configuration('storedb-houston-1'), 'utf8');
    expect(text).not.toMatch(/password/i);
  });
});
