import { describe, expect, test } from 'vitest';
import { startingDraft } from '../../../src/core/answers/draft.ts';
import { fieldOf, fields, steps } from '../../../src/core/steps/index.ts';
import { offlineDraft, storeDraft } from '../answers/sample-drafts.ts';

const accepts = (key: string, value: unknown) => fieldOf(key)!.schema.safeParse(value).success;

describe('the registry', () => {
  test('has each key once and help of one line for each field', () => {
    expect(new Set(fields.map((field) => field.key)).size).toBe(fields.length);
    for (const field of fields) expect(field.help).toMatch(/^[^\n]{10,77}\.$/);
  });

  test('accepts its own examples and defaults', () => {
    for (const field of fields) {
      const example = field.kind === 'switch' ? field.example === 'true' : field.example;
      expect([field.key, accepts(field.key, example)]).toEqual([field.key, true]);
      if (field.default !== undefined) expect(accepts(field.key, field.default)).toBe(true);
    }
  });

  test('sums a page up in one line', () => {
    expect(steps.map((step) => step.summary({ ...startingDraft(), ...offlineDraft }))).toEqual([
      'Offline database',
      'SRV01\\RETAIL / AXRETAILPOS, SQL login setup',
      'HOUSTON / HOUSTON-1 (usrt)',
      '.\\SQLEXPRESS / AXRETAILPOSOFFLINE, this Windows account',
      'Windows accounts, by local groups',
      'encryption verify, built-in tables, profile "Default pr."',
    ]);
    expect(steps[2]!.summary(storeDraft)).toBe('HOUSTON (usrt)');
    expect(steps[2]!.summary({})).toBe('not given');
  });
});

describe('a database name', () => {
  const key = 'storeDatabase.name';

  test.each(['x]; DROP DATABASE [y', "O'Brien's", 'Geschäft 東京 🛒', 'a'.repeat(123), ']]', '--', 'a b'])(
    'may be %s',
    (name) => {
      expect(accepts(key, name)).toBe(true);
    },
  );

  test.each(['', ' AX', 'AX ', 'A\nB', 'A\u0000', 'A\u2028B', 'a'.repeat(124), 'Master', 'tempdb', '\ud83d'])(
    'may not be %j',
    (name) => expect(accepts(key, name)).toBe(false),
  );
});

describe('the IDs', () => {
  test('are as long as their columns', () => {
    expect(accepts('identification.storeId', 'A'.repeat(10))).toBe(true);
    expect(accepts('identification.storeId', 'A'.repeat(11))).toBe(false);
    expect(accepts('identification.registerId', 'A'.repeat(11))).toBe(false);
    expect(accepts('identification.dataAreaId', 'usrt')).toBe(true);
    for (const wrong of ['usrt1', 'u-1', 'ü', ''])
      expect(accepts('identification.dataAreaId', wrong)).toBe(false);
  });
});

describe('a server', () => {
  test.each(['SRV01\\RETAIL', '.', '.\\SQLEXPRESS', '(local)', '10.0.0.4,1433', 'localhost', 'tcp:srv,1433'])(
    'may be %s',
    (name) => {
      expect(accepts('storeDatabase.server', name)).toBe(true);
    },
  );

  test('is not a connection string, whose password would not be repeated', () => {
    const message = fieldOf('storeDatabase.server')!.schema.safeParse('Server=a;Password=canary-7').error!
      .issues[0]!.message;
    expect(message).toContain('only the name of the server');
    expect(message).not.toContain('canary');
  });
});

describe('a user', () => {
  test('has no domain in it', () => {
    expect(accepts('storeDatabase.auth.user', 'CONTOSO\\anna')).toBe(false);
    expect(accepts('storeDatabase.auth.user', 'anna@contoso')).toBe(true);
  });
});
