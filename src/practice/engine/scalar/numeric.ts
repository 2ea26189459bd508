/** Exact numbers as scaled bigints: 12.50 of scale 2 is 1250n. Rounding is half away from zero, as on the server. */

const powers: bigint[] = [1n];

/** 10 to the power of n. */
export const tenTo = (n: number): bigint => {
  let power = powers[n];
  if (power === undefined) {
    power = 10n ** BigInt(n);
    powers[n] = power;
  }
  return power;
};

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** value / divisor rounded half away from zero; divisor > 0. */
export const divideRounding = (value: bigint, divisor: bigint): bigint => {
  const half = divisor / 2n;
  return value < 0n ? -((-value + half) / divisor) : (value + half) / divisor;
};

/** The same number at another scale, rounded. */
export const rescale = (value: bigint, from: number, to: number): bigint => {
  if (from === to) return value;
  return to > from ? value * tenTo(to - from) : divideRounding(value, tenTo(from - to));
};

/** The same number at another scale, cut off. */
export const rescaleTruncating = (value: bigint, from: number, to: number): bigint =>
  to >= from ? value * tenTo(to - from) : value / tenTo(from - to);

/** True when the number needs no more than `precision` digits. */
export const fits = (value: bigint, precision: number): boolean => magnitude(value) < tenTo(precision);

/** '-0.50' for -50n at scale 2. */
export const scaledText = (value: bigint, scale: number): string => {
  if (scale === 0) return value.toString();
  const digits = magnitude(value)
    .toString()
    .padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
};

/** Reads '-12.5', '.5', '3.' at the given scale, rounded; undefined when the text is no such number. */
export const parseScaled = (text: string, scale: number): bigint | undefined => {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const value = rescale(BigInt(whole + fraction), fraction.length, scale);
  return sign === '-' ? -value : value;
};

/** The decimal expansion of a double, to its 17 significant digits, at the given scale; undefined for infinities. */
export const scaledFromDouble = (value: number, scale: number): bigint | undefined => {
  if (!Number.isFinite(value)) return undefined;
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential(16));
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  // digits stand for whole.fraction * 10^exponent, so their own scale is fraction.length - exponent.
  const ownScale = fraction.length - Number(exponent);
  const scaled = ownScale >= 0 ? rescale(digits, ownScale, scale) : digits * tenTo(scale - ownScale);
  return sign === '-' ? -scaled : scaled;
};

/** The nearest double of a scaled number. */
export const scaledToDouble = (value: bigint, scale: number): number => {
  const magnitudeOf = magnitude(value);
  if (magnitudeOf <= BigInt(Number.MAX_SAFE_INTEGER) && scale <= 22) return Number(value) / 10 ** scale;
  return Number(scaledText(value, scale));
};
