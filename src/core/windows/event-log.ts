import { bindings, type Pointer } from './koffi.ts';
import { WindowsError } from './windows-error.ts';

export type EventKind = 'error' | 'warning' | 'information';

/** Entries in the Application log of Windows; all throw WindowsError. */
export type EventLogCalls = {
  report(source: string, type: number, id: number, text: string): void;
  /** Names the file that has the texts of the source's events. */
  register(source: string, messageFile: string): void;
};

const types = { error: 1, warning: 2, information: 4 } as const;
/** ReportEvent refuses a text of more than 31839 characters. */
const longestText = 31_839;
/**
 * A part of every Windows whose message table has the numbers 1 to 1000, each with nothing but the text that comes
 * with the event: what `eventcreate` uses. Without such a file the viewer complains in front of every text.
 */
const messageFile = '%SystemRoot%\\System32\\EventCreate.exe';

/** Makes the source known, so that the viewer shows its texts as they are. Needs an administrator. */
export function registerSourceWith(calls: EventLogCalls, source: string): void {
  calls.register(source, messageFile);
}

/** Writes one entry; `id` is 1 to 1000. Needs no rights, and no registered source. */
export function reportWith(
  calls: EventLogCalls,
  source: string,
  entry: { readonly kind: EventKind; readonly id: number; readonly text: string },
): void {
  calls.report(source, types[entry.kind], entry.id, entry.text.slice(0, longestText));
}

export const eventLogBindings = bindings((koffi, load): EventLogCalls => {
  const advapi32 = load('advapi32.dll');
  const lastError = load('kernel32.dll').func('uint32 __stdcall GetLastError()') as () => number;
  const open = advapi32.func('void* __stdcall RegisterEventSourceW(str16 computer, str16 source)') as (
    computer: null,
    source: string,
  ) => Pointer | null;
  const close = advapi32.func('int __stdcall DeregisterEventSource(void* source)') as (
    source: Pointer,
  ) => number;
  const report = advapi32.func(
    'int __stdcall ReportEventW(void* source, uint16 type, uint16 category, uint32 id, void* user, uint16 count, uint32 size, void* texts, void* data)',
  ) as (...args: readonly unknown[]) => number;
  const createKey = advapi32.func(
    'int32 __stdcall RegCreateKeyExW(void* root, str16 path, uint32 reserved, str16 type, uint32 options, uint32 rights, void* security, _Out_ void** key, void* disposition)',
  ) as (...args: readonly unknown[]) => number;
  const setValue = advapi32.func(
    'int32 __stdcall RegSetValueExW(void* key, str16 name, uint32 reserved, uint32 type, void* data, uint32 size)',
  ) as (...args: readonly unknown[]) => number;
  const closeKey = advapi32.func('int32 __stdcall RegCloseKey(void* key)') as (key: Pointer) => number;

  const localMachine: Pointer = 0xffff_ffff_8000_0002n;
  const mayWrite = 0x20006;
  const expandable = 2;
  const number = 4;
  const keyOf = (source: string) => `SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${source}`;
  const must = (call: string, error: number) => {
    if (error !== 0) throw new WindowsError(call, error);
  };
  return {
    report: (source, type, id, text) => {
      const handle = open(null, source);
      if (!handle) throw new WindowsError('RegisterEventSourceW', lastError());
      try {
        if (!report(handle, type, 0, id, null, 1, 0, koffi.as([text], 'str16*'), null))
          throw new WindowsError('ReportEventW', lastError());
      } finally {
        close(handle);
      }
    },
    register: (source, file) => {
      const opened: [Pointer | null] = [null];
      must(
        'RegCreateKeyExW',
        createKey(localMachine, keyOf(source), 0, null, 0, mayWrite, null, opened, null),
      );
      const [key] = opened;
      if (key === null) throw new Error('RegCreateKeyExW gave no key back.');
      try {
        const path = Buffer.from(`${file}\0`, 'utf16le');
        must('RegSetValueExW', setValue(key, 'EventMessageFile', 0, expandable, path, path.length));
        const supported = Buffer.from([types.error | types.warning | types.information, 0, 0, 0]);
        must('RegSetValueExW', setValue(key, 'TypesSupported', 0, number, supported, supported.length));
      } finally {
        closeKey(key);
      }
    },
  };
});
