import { failureLines } from './plain-page.ts';
import type { Look } from './sync/looks.ts';
import { statusNews } from './sync/looks.ts';
import { statusLines } from './sync/status-lines.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { failureOf } from './wizard-failure.ts';

const question = '  Enter = leave: ';

/**
 * The monitor line by line: the table of scopes, and again where something has changed, until Enter or q. A failure is
 * told once, and looked past.
 */
export async function monitorInLines(
  dialog: LineDialog,
  looks: (signal: AbortSignal) => AsyncIterable<Look>,
  stop: AbortSignal,
): Promise<void> {
  const leaving = new AbortController();
  const watching = tell(dialog, looks(AbortSignal.any([stop, leaving.signal])));
  try {
    for (;;) {
      const reply = await dialog.ask(question);
      if (reply === undefined || ['', 'q', '<'].includes(reply.trim().toLowerCase())) return;
    }
  } finally {
    leaving.abort();
    await watching;
  }
}

async function tell(dialog: LineDialog, looks: AsyncIterable<Look>): Promise<void> {
  const isNews = statusNews();
  let trouble = '';
  const fail = (error: unknown) => {
    const failure = failureOf(error);
    if (failure.message !== trouble) dialog.report(failureLines(failure).join('\n'), question);
    trouble = failure.message;
  };
  try {
    for await (const look of looks) {
      if (look.kind === 'failed') fail(look.error);
      else if (isNews(look.status)) dialog.report(statusLines(look.status).join('\n'), question);
      if (look.kind === 'read') trouble = '';
    }
  } catch (error) {
    fail(error);
  }
}
