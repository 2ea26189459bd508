/** Why a data file cannot be used. `reason` is for programs, the message for people. */
export class DataFileProblem extends Error {
  override readonly name = 'DataFileProblem';
  readonly reason: 'in-use' | 'damaged' | 'newer' | 'foreign' | 'unusable';
  constructor(reason: DataFileProblem['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
