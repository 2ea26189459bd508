/** Errors that statements raise on purpose: RAISERROR and THROW. */

import type { Message } from '../results.ts';

export class ThrownError extends Error {
  readonly fields: Pick<Message, 'number' | 'state' | 'class' | 'text'>;
  /** RAISERROR ends nothing but itself; THROW ends the batch. */
  readonly isRaiserror: boolean;
  /** The caught error that THROW without arguments sends on as it was. */
  readonly sent: Message | undefined;
  constructor(
    fields: Pick<Message, 'number' | 'state' | 'class' | 'text'>,
    isRaiserror: boolean,
    sent?: Message,
  ) {
    super(fields.text);
    this.fields = fields;
    this.isRaiserror = isRaiserror;
    this.sent = sent;
  }
}
