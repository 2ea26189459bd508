import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import type { Seat } from './enter.ts';
import type { LinkMemory } from './link.ts';

/** The shapes of a side's tables; read again only when its stamp says that one was made, changed or dropped. */
export async function shapesOf(
  { side, control, found }: Seat,
  memory: LinkMemory,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableShape>> {
  const known = memory.shapes.get(side.side);
  if (known?.stamp === found.shapeStamp) return known.shapes;
  const shapes = await readTableShapes(control.session, signal);
  memory.shapes.set(side.side, { stamp: found.shapeStamp, shapes });
  return shapes;
}
