/** A start tag in an XML text: where it stands and where the values of its attributes stand. */
export type StartTag = {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  /** Where further attributes can be put in: behind the last one, or behind the name. */
  readonly end: number;
};

export type XmlAttribute = {
  readonly name: string;
  readonly quote: '"' | "'";
  /** Of the text between the quotes, as it is written: with its entities. */
  readonly from: number;
  readonly to: number;
  /** The blanks before the attribute. */
  readonly before: string;
};

const skipped =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^[>]*(?:\[[\s\S]*?\]\s*)?>|<\/[^>]*>/y;
const opening = /<([^\s/>!?][^\s/>]*)/y;
const attribute = /(\s+)([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

/**
 * All start tags of a well-formed XML text, in order. What only looks like a tag, in a comment, a CDATA section, a
 * processing instruction or a document type, is passed over. fast-xml-parser does not tell where attributes stand, and
 * writing the document anew would not give back the same bytes; so this finds the places and changes nothing.
 */
export function* startTags(xml: string): Generator<StartTag> {
  let position = 0;
  while (position < xml.length) {
    const at = xml.indexOf('<', position);
    if (at === -1) return;
    const past = match(skipped, xml, at);
    if (past !== null) {
      position = at + past[0].length;
      continue;
    }
    const tag = match(opening, xml, at);
    if (tag === null) {
      position = at + 1;
      continue;
    }
    const attributes: XmlAttribute[] = [];
    let end = at + tag[0].length;
    for (let found = match(attribute, xml, end); found !== null; found = match(attribute, xml, end)) {
      const [text, before = '', name = '', double, single] = found;
      const value = double ?? single ?? '';
      end += text.length;
      attributes.push({
        name,
        quote: double === undefined ? "'" : '"',
        from: end - 1 - value.length,
        to: end - 1,
        before,
      });
    }
    yield { name: tag[1] ?? '', attributes, end };
    position = end;
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
