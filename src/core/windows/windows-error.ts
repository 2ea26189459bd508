/** Numbers of Windows errors that storedb decides on (winerror.h). */
export const windowsErrors = {
  accessDenied: 5,
  moreData: 234,
  serviceAlreadyRunning: 1056,
  serviceMissing: 1060,
  takesNoControlNow: 1061,
  serviceNotActive: 1062,
  consoleProcess: 1063,
  serviceSpecific: 1066,
  serviceMarkedForDeletion: 1072,
  serviceExists: 1073,
} as const;

/** A function of Windows that failed. Who called it knows what that means to a technician; uncaught it is a bug. */
export class WindowsError extends Error {
  override readonly name = 'WindowsError';
  /** The function's name, e.g. `OpenServiceW`. */
  readonly call: string;
  /** What GetLastError gave, or the function itself where it returns its error. */
  readonly number: number;

  constructor(call: string, number: number) {
    super(`${call} failed with Windows error ${number}.`);
    this.call = call;
    this.number = number;
  }
}
