import type { Draft, Step } from '../core/steps/index.ts';
import { certificateIn } from '../screens/index.ts';
import { answersOf, type Plain, sayFailure } from './plain-page.ts';
import { probeDatabase } from './probe-database.ts';
import { askYesNo } from './terminal/yes-or-no.ts';

/** One line a layer, with the next thing to do; an unknown certificate can be accepted. */
export async function testConnection(
  plain: Plain,
  section: NonNullable<Step['connection']>,
  draft: Draft,
): Promise<boolean> {
  const { dialog, stop } = plain;
  try {
    const events = probeDatabase((each) => answersOf(plain, each), section, draft, stop.signal);
    for await (const event of events) {
      if (event.status === 'working') continue;
      dialog.say(`  ${event.status.padEnd(8)} ${event.label}: ${event.message}`);
      if (event.hint !== undefined) dialog.say(`           Next: ${event.hint}`);
      if (event.status !== 'failed') continue;
      return (await offerTrust(plain, event.details)) ? await testConnection(plain, section, draft) : false;
    }
    return true;
  } catch (error) {
    if (!stop.signal.aborted) sayFailure(dialog, error);
    return false;
  }
}

/** Offers to accept the certificate that a failure tells of; true when it was. */
export async function offerTrust(
  { dialog, pins }: Plain,
  details: Readonly<Record<string, string | number>> | undefined,
): Promise<boolean> {
  const certificate = certificateIn(details);
  if (certificate === undefined) return false;
  if ((await askYesNo(dialog, '  Trust this certificate for this server', false)) !== true) return false;
  await pins.keep(certificate.serverKey, certificate.fingerprint);
  return true;
}
