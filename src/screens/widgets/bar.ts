import type { Glyphs } from '../glyphs.ts';

/** `███████░░░` of the given width; full only when everything is done. */
export function barText(done: number, total: number, width: number, glyphs: Glyphs): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.floor(share * width);
  return glyphs.barDone.repeat(filled) + glyphs.barLeft.repeat(width - filled);
}
