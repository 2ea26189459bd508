type Leaf = string | boolean;
export type Nested = { readonly [key: string]: Leaf | Nested };

/** `[['a.b', 1]]` to `{ a: { b: 1 } }`; the order stays. No key may be the beginning of another. */
export function nest(entries: Iterable<readonly [string, Leaf]>): Nested {
  const root: Record<string, Leaf | Nested> = {};
  for (const [path, value] of entries) {
    const segments = path.split('.');
    const last = segments.pop() ?? path;
    let place: Record<string, Leaf | Nested> = root;
    for (const segment of segments) {
      place[segment] ??= {};
      place = place[segment] as Record<string, Leaf | Nested>;
    }
    place[last] = value;
  }
  return root;
}

/** The reverse of `nest`; undefined values are left out. */
export function flatten(value: object, prefix = ''): readonly (readonly [string, Leaf])[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const key = `${prefix}${name}`;
    if (typeof inner === 'object' && inner !== null) return flatten(inner, `${key}.`);
    return typeof inner === 'string' || typeof inner === 'boolean' ? [[key, inner] as const] : [];
  });
}
