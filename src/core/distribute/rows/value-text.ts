import type { ColumnShape } from '../../offline/tables/table-shape.ts';

/**
 * The one text for a value, whatever server it was read from: numbers without zeros that say nothing, dates as ISO 8601
 * without an empty fraction, GUIDs in capitals. `sent` is what `outgoing` of the synchronisation selects.
 */
export function valueText({ type }: Pick<ColumnShape, 'type'>): (sent: string | Uint8Array) => string {
  switch (type) {
    case 'numeric':
    case 'decimal':
    case 'money':
    case 'smallmoney':
      return (sent) => numberText(String(sent));
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return (sent) => dateText(String(sent));
    case 'uniqueidentifier':
      return (sent) => String(sent).toUpperCase();
    case 'binary':
    case 'varbinary':
      return (sent) =>
        `0x${Buffer.from(sent as Uint8Array)
          .toString('hex')
          .toUpperCase()}`;
    default:
      return (sent) => String(sent);
  }
}

function numberText(text: string): string {
  if (!text.includes('.')) return text;
  const short = text.replace(/\.?0+$/, '');
  return short === '-0' || short === '' ? '0' : short;
}

/** '2012-01-31 08:30:00.5000000 +01:00' -> '2012-01-31T08:30:00.5+01:00' */
const dateText = (text: string): string =>
  text
    .replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
    .replace(/\.(\d*?)0*(?= |$)/, (_, digits: string) => (digits === '' ? '' : `.${digits}`))
    .replace(/ (?=[+-])/, '');
