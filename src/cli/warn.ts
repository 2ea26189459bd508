/** Says on stderr what does not stop the work. */
export function warn(text: string): void {
  process.stderr.write(`Warning: ${text}\n`);
}
