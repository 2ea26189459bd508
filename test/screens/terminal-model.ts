import stringWidth from 'string-width';

/**
 * The screen of a terminal, as far as Ink's escapes go: what stands where after everything that was written, and where
 * the cursor is. An escape it does not know throws, so that nothing is overlooked.
 */
export class TerminalModel {
  columns: number;
  rows: number;
  cursor = { x: 0, y: 0 };
  isCursorShown = true;
  #cells: string[][] = [];
  #unfinished = '';

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = Array.from({ length: rows }, () => this.#blankRow());
  }

  /** The lines of the screen without blanks at their ends. */
  lines(): readonly string[] {
    return this.#cells.map((row) => row.join('').trimEnd());
  }

  text(): string {
    return this.lines().join('\n').trimEnd();
  }

  write(data: string): void {
    let rest = this.#unfinished + data;
    this.#unfinished = '';
    while (rest !== '') {
      const sequence = /^\u{1B}\[([?>]?)([\d;]*)([A-Za-z])/u.exec(rest);
      if (sequence !== null) {
        this.#obey(sequence[1] ?? '', sequence[2] ?? '', sequence[3] ?? '');
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      // A terminal gets its bytes in pieces.
      if (/^\u{1B}(\[[?>]?[\d;]*)?$/u.test(rest)) {
        this.#unfinished = rest;
        return;
      }
      if (character === '\u{1B}') throw new Error(`Unknown escape ${JSON.stringify(rest.slice(0, 12))}`);
      this.#put(character);
      rest = rest.slice(character.length);
    }
  }

  #put(character: string): void {
    if (character === '\n') {
      this.cursor.x = 0;
      this.#down();
      return;
    }
    if (character === '\r') {
      this.cursor.x = 0;
      return;
    }
    if (this.cursor.x >= this.columns) {
      this.cursor.x = 0;
      this.#down();
    }
    const row = this.#cells[this.cursor.y];
    if (row === undefined) return;
    row[this.cursor.x] = character;
    const width = stringWidth(character);
    for (let offset = 1; offset < width; offset += 1) row[this.cursor.x + offset] = '';
    this.cursor.x += width;
  }

  #down(): void {
    if (this.cursor.y < this.rows - 1) {
      this.cursor.y += 1;
      return;
    }
    this.#cells.shift();
    this.#cells.push(this.#blankRow());
  }

  #obey(mark: string, parameters: string, final: string): void {
    if (mark === '?') {
      if (parameters === '25') this.isCursorShown = final === 'h';
      return;
    }
    const numbers = parameters.split(';').map((number) => Number(number || 0));
    const count = numbers[0] || 1;
    const { cursor } = this;
    switch (final) {
      case 'm':
        return;
      case 'A':
        cursor.y = Math.max(0, cursor.y - count);
        return;
      case 'B':
        cursor.y = Math.min(this.rows - 1, cursor.y + count);
        return;
      case 'C':
        cursor.x = Math.min(this.columns - 1, cursor.x + count);
        return;
      case 'D':
        cursor.x = Math.max(0, cursor.x - count);
        return;
      case 'E':
        cursor.x = 0;
        cursor.y = Math.min(this.rows - 1, cursor.y + count);
        return;
      case 'G':
        cursor.x = count - 1;
        return;
      case 'H':
        cursor.y = (numbers[0] || 1) - 1;
        cursor.x = (numbers[1] || 1) - 1;
        return;
      case 'K':
        this.#eraseLine(numbers[0] ?? 0);
        return;
      case 'J':
        this.#eraseLine(0);
        for (let row = cursor.y + 1; row < this.rows; row += 1) this.#cells[row] = this.#blankRow();
        return;
      default:
        throw new Error(`Unknown escape CSI ${mark}${parameters}${final}`);
    }
  }

  #eraseLine(how: number): void {
    const row = this.#cells[this.cursor.y];
    if (row === undefined) return;
    const [from, to] =
      how === 2 ? [0, this.columns] : how === 1 ? [0, this.cursor.x + 1] : [this.cursor.x, this.columns];
    for (let column = from; column < to; column += 1) row[column] = ' ';
  }

  #blankRow(): string[] {
    return Array.from({ length: this.columns }, () => ' ');
  }
}
