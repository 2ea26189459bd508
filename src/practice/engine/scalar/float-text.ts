/** How float and real look as text, and which texts are floats. */

/** C's %e with at least three digits of exponent, as SQL Server prints it. */
const scientific = (value: number, fraction: number): string =>
  value
    .toExponential(fraction)
    .replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => `e${sign}${digits.padStart(3, '0')}`);

/** Style 0: at most six significant digits, scientific where the exponent is below -4 or above 5 (C's %g). */
function shortForm(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '0', exponentText = '0'] = value.toExponential(5).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6) {
    const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    const sign = exponent < 0 ? '-' : '+';
    return `${trimmed}e${sign}${String(Math.abs(exponent)).padStart(3, '0')}`;
  }
  const fixed = value.toFixed(Math.max(0, 5 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** The text of a float in a style of CONVERT: 0 (default), 1, 2, 3; undefined for a style that does not exist. */
export function floatText(value: number, style: number): string | undefined {
  switch (style) {
    case 0:
      return shortForm(value);
    case 1:
      return scientific(value, 7);
    case 2:
      return scientific(value, 15);
    case 3:
      return scientific(value, 16);
    default:
      return undefined;
  }
}

/** Reads a float; blanks around it do not count and an empty text is 0. undefined = no float. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
