/**
 * Works items off, a few at a time, and yields what the work tells meanwhile; results in the order of the items. The
 * first failure ends the others and is thrown when they have ended. Whoever stops listening ends them too.
 */
export async function* inLanes<Item, Step, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, tell: (step: Step) => void, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Step, readonly Result[]> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const told: Step[] = [];
  let wake = Promise.withResolvers<void>();
  const tell = (step: Step): void => {
    told.push(step);
    wake.resolve();
  };
  const results = new Map<number, Result>();
  const waiting = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results.set(next[0], await work(next[1], tell, ended));
  };
  let isDone = false;
  const lanes = Array.from({ length: Math.min(atOnce, items.length) }, () =>
    lane().catch((error: unknown) => {
      waiting.length = 0;
      stop.abort(error);
    }),
  );
  const all = Promise.all(lanes).then(() => {
    isDone = true;
    wake.resolve();
  });
  try {
    while (!isDone || told.length > 0) {
      if (told.length === 0) await wake.promise;
      wake = Promise.withResolvers<void>();
      yield* told.splice(0);
    }
    if (stop.signal.aborted) throw stop.signal.reason;
    return [...results].sort(([left], [right]) => left - right).map(([, result]) => result);
  } finally {
    waiting.length = 0;
    stop.abort(new Error('Nobody listens any more.'));
    await all;
  }
}
