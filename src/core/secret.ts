import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A password that can be used but not shown: printing, logging, inspecting or serialising it gives `[secret]`.
 * `reveal` is called only where the value goes onto the wire or into a parameter, and where it is being typed.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
