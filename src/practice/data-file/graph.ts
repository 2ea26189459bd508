/**
 * Object graphs as JSON: maps, sets, dates, bigints, bytes, and objects that are referred to from several places or
 * from within themselves. Only plain data; what a property holds can be left out by name.
 */

type Plain = null | boolean | number | string;
type Reference =
  | { readonly ref: number }
  | { readonly bigint: string }
  | { readonly date: string }
  | { readonly bytes: string }
  | { readonly undefined: true };
type Encoded = Plain | Reference;
type Node =
  | { readonly object: Readonly<Record<string, Encoded>> }
  | { readonly array: readonly Encoded[] }
  | { readonly map: readonly (readonly [Encoded, Encoded])[] }
  | { readonly set: readonly Encoded[] };

export type Graph = { readonly root: Encoded; readonly nodes: readonly Node[] };

/** `leavesOut` says which properties of an object are not kept. Throws on functions and other things that are no data. */
export function encodeGraph(root: unknown, leavesOut: (owner: object, key: string) => boolean): Graph {
  const nodes: (Node | undefined)[] = [];
  const known = new Map<object, number>();
  const encode = (value: unknown): Encoded => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw new Error(`${value} cannot be kept`);
        return value;
      case 'bigint':
        return { bigint: String(value) };
      case 'undefined':
        return { undefined: true };
      case 'object':
        if (value === null) return null;
        if (value instanceof Date) return { date: value.toISOString() };
        if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
        return reference(value);
      default:
        throw new Error(`a ${typeof value} cannot be kept`);
    }
  };
  const reference = (value: object): Reference => {
    const seen = known.get(value);
    if (seen !== undefined) return { ref: seen };
    const place = nodes.push(undefined) - 1;
    known.set(value, place);
    nodes[place] = node(value);
    return { ref: place };
  };
  const node = (value: object): Node => {
    if (Array.isArray(value)) return { array: value.map(encode) };
    if (value instanceof Map)
      return { map: [...value].map(([key, entry]) => [encode(key), encode(entry)] as const) };
    if (value instanceof Set) return { set: [...value].map(encode) };
    const entries = Object.entries(value).filter(
      ([key, entry]) => entry !== undefined && !leavesOut(value, key),
    );
    return { object: Object.fromEntries(entries.map(([key, entry]) => [key, encode(entry)])) };
  };
  const encoded = encode(root);
  return { root: encoded, nodes: nodes.filter((each) => each !== undefined) };
}

/** The graph as it was. Throws when it is not whole. */
export function decodeGraph(graph: Graph): unknown {
  const made: object[] = graph.nodes.map((node) => {
    if ('array' in node) return [];
    if ('map' in node) return new Map();
    return 'set' in node ? new Set() : {};
  });
  const decode = (value: Encoded): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('bigint' in value) return BigInt(value.bigint);
    if ('date' in value) return new Date(value.date);
    if ('bytes' in value) return Buffer.from(value.bytes, 'base64');
    if ('undefined' in value) return undefined;
    const found = made[value.ref];
    if (found === undefined) throw new Error(`the part ${value.ref} is missing`);
    return found;
  };
  graph.nodes.forEach((node, place) => {
    const target = made[place];
    if ('array' in node && Array.isArray(target)) target.push(...node.array.map(decode));
    else if ('map' in node && target instanceof Map)
      for (const [key, entry] of node.map) target.set(decode(key), decode(entry));
    else if ('set' in node && target instanceof Set) for (const entry of node.set) target.add(decode(entry));
    else if ('object' in node && target !== undefined)
      // Not an assignment: that of a column or database called __proto__ would set the prototype.
      for (const [key, entry] of Object.entries(node.object))
        Object.defineProperty(target, key, {
          value: decode(entry),
          writable: true,
          enumerable: true,
          configurable: true,
        });
  });
  return decode(graph.root);
}
