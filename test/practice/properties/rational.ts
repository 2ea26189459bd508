/** Exact numbers for models: a fraction of two bigints, and the documented rules of precision and scale. */

export type Rational = { readonly top: bigint; readonly bottom: bigint };

const ten = (exponent: number): bigint => 10n ** BigInt(exponent);

export const rational = (top: bigint, bottom = 1n): Rational =>
  bottom < 0n ? { top: -top, bottom: -bottom } : { top, bottom };
export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const minus = (a: Rational, b: Rational): Rational => plus(a, rational(-b.top, b.bottom));
export const times = (a: Rational, b: Rational): Rational => rational(a.top * b.top, a.bottom * b.bottom);
export const over = (a: Rational, b: Rational): Rational => rational(a.top * b.bottom, a.bottom * b.top);
/** -1, 0 or 1. */
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** The digits at a scale, cut off towards zero. */
export const cutTo = (value: Rational, scale: number): bigint => (value.top * ten(scale)) / value.bottom;
/** The digits at a scale, halves away from zero. */
export const roundTo = (value: Rational, scale: number): bigint => {
  const twice = (value.top * ten(scale) * 2n) / value.bottom;
  return (twice + (twice < 0n ? -1n : 1n)) / 2n;
};

/** A decimal of `precision` digits, `scale` of them after the point. */
export type Decimal = { readonly digits: bigint; readonly precision: number; readonly scale: number };

export const worthOf = ({ digits, scale }: Decimal): Rational => rational(digits, ten(scale));

/** As T-SQL writes it: -12.50. */
export const textOf = ({ digits, scale }: Pick<Decimal, 'digits' | 'scale'>): string => {
  const magnitude = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = magnitude.slice(0, magnitude.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${magnitude.slice(-scale)}`}`;
};

export type Operator = '+' | '-' | '*' | '/' | '%';
export type Form = { readonly precision: number; readonly scale: number };

/**
 * The type of an operation, by "Precision, scale, and length (Transact-SQL)": the table of its first part, then the
 * paragraphs about results wider than 38 digits.
 */
export const formOf = (operator: Operator, a: Form, b: Form): Form => {
  const [p1, s1, p2, s2] = [a.precision, a.scale, b.precision, b.scale];
  if (operator === '%')
    return { precision: Math.min(p1 - s1, p2 - s2) + Math.max(s1, s2), scale: Math.max(s1, s2) };
  if (operator === '+' || operator === '-') {
    const integral = Math.max(p1 - s1, p2 - s2);
    const scale = Math.max(s1, s2);
    const precision = scale + integral + 1;
    if (precision <= 38) return { precision, scale };
    return { precision: 38, scale: Math.min(scale, 38 - integral) };
  }
  const scale = operator === '*' ? s1 + s2 : Math.max(6, s1 + p2 + 1);
  const precision = operator === '*' ? p1 + p2 + 1 : p1 - s1 + s2 + scale;
  if (precision <= 38) return { precision, scale };
  const integral = precision - scale;
  if (integral < 32) return { precision: 38, scale: Math.min(scale, 38 - integral) };
  return { precision: 38, scale: Math.min(scale, 6) };
};

/** The digits of the result, or the number of the error. Division cuts off; the others round. */
export const resultOf = (operator: Operator, a: Decimal, b: Decimal): bigint | { readonly error: number } => {
  const { scale } = formOf(operator, a, b);
  const [x, y] = [worthOf(a), worthOf(b)];
  if ((operator === '/' || operator === '%') && y.top === 0n) return { error: 8134 };
  const digits = {
    '+': () => roundTo(plus(x, y), scale),
    '-': () => roundTo(minus(x, y), scale),
    '*': () => roundTo(times(x, y), scale),
    '/': () => cutTo(over(x, y), scale),
    '%': () => cutTo(minus(x, times(y, rational(cutTo(over(x, y), 0)))), scale),
  }[operator]();
  const magnitude = digits < 0n ? -digits : digits;
  return magnitude < ten(38) ? digits : { error: 8115 };
};

export const fitsIn = (digits: bigint, precision: number): boolean =>
  (digits < 0n ? -digits : digits) < ten(precision);
