import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Clock } from '../../plan/clock.ts';

export const logFileName = 'service.log';
/** Bytes of one file, and how many older ones are kept: the log never takes more than their product and one. */
const logLimits = { size: 4 * 1024 * 1024, files: 7 } as const;

/** The log of a service: JSON lines in files that take turns. Losing it never stops the synchronisation. */
export type ServiceLog = {
  info(what: Readonly<Record<string, unknown>>, message: string): void;
  warn(what: Readonly<Record<string, unknown>>, message: string): void;
  error(what: Readonly<Record<string, unknown>>, message: string): void;
  close(): Promise<void>;
};

/** Bytes that wait to be written at most. */
const mostWaiting = 4 * 1024 * 1024;
/** Milliseconds until a folder that could not be written is tried again. */
const patience = 30_000;

/**
 * Opens the log in `folder`. When the folder vanishes or the disk fills up, the lines of that time are lost: `complain`
 * hears it once, the log says later how many, and the file is tried again every half minute.
 */
export function openServiceLog(options: {
  readonly folder: string;
  readonly service: string;
  readonly clock: Clock;
  readonly complain: (reason: string) => void;
  readonly limits?: { readonly size: number; readonly files: number };
}): ServiceLog {
  const file = lastingFile(options);
  const logger = pino(
    {
      base: { service: options.service },
      timestamp: () => `,"time":"${options.clock.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => file.write(line) },
  );
  return {
    info: (what, message) => logger.info(what, message),
    warn: (what, message) => logger.warn(what, message),
    error: (what, message) => logger.error(what, message),
    close: () => file.close(),
  };
}

/** A rotating file that is opened anew when it was lost. */
function lastingFile({ folder, clock, complain, limits = logLimits }: Parameters<typeof openServiceLog>[0]) {
  let stream: RotatingFileStream | undefined;
  let lostAt: number | undefined;
  let lost = 0;
  let lookedAt = clock.elapsed();

  const open = () => {
    const opened = createStream(logFileName, {
      path: folder,
      size: `${limits.size}B`,
      rotate: limits.files,
      mode: 0o640,
    });
    opened.on('error', (error: NodeJS.ErrnoException) => {
      if (stream !== opened) return;
      if (lostAt === undefined) complain(`${folder}: ${error.code ?? error.message}`);
      stream = undefined;
      lostAt = clock.elapsed();
      opened.destroy();
    });
    stream = opened;
  };

  /** A file whose folder was deleted still takes what is written, and nobody can read it. */
  const look = () => {
    if (clock.elapsed() - lookedAt < patience) return;
    lookedAt = clock.elapsed();
    if (stream === undefined || existsSync(join(folder, logFileName))) return;
    stream.destroy();
    open();
  };

  const send = (to: RotatingFileStream, text: string, lines: number) => {
    to.write(text, (error) => {
      if (error) lost += lines;
      else lostAt = undefined;
    });
  };

  open();
  return {
    write(line: string) {
      look();
      if (stream === undefined && clock.elapsed() - (lostAt ?? 0) >= patience) open();
      // A disk that hangs must not fill the memory.
      if (stream === undefined || stream.writableLength > mostWaiting) {
        lost += 1;
        return;
      }
      if (lost > 0) send(stream, lostLine(lost, clock), lost);
      lost = 0;
      send(stream, line, 1);
    },
    async close() {
      const last = stream;
      stream = undefined;
      if (last === undefined || last.destroyed) return;
      await new Promise<void>((resolve) => {
        last.once('close', resolve);
        last.once('error', () => resolve());
        last.end();
      });
    },
  };
}

function lostLine(lines: number, clock: Clock): string {
  const msg = `${lines} lines before this one could not be written`;
  return `${JSON.stringify({ level: 'warn', time: clock.now().toISOString(), msg })}\n`;
}
