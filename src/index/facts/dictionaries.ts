/** Texts that the facts hold as numbers: a text's number is its place. Texts are only added, so that a number means the same in every file. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>;

/** Numbers of texts, found by their bytes in UTF-8: nearly all of them have been met before, and then nothing is made of the bytes. */
export class GrowingTexts {
  readonly texts: string[] = [];
  /** Places in `texts`, one more, by hash. */
  #slots = new Int32Array(64);
  readonly #bytes: Uint8Array[] = [];

  /** Number of a text, which is added where it is new. */
  number(text: string): number {
    const bytes = Buffer.from(text);
    return this.numberOf(bytes, 0, bytes.length);
  }

  numberOf(from: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(from, start, end) & mask;
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      const bytes = this.#bytes[place - 1]!;
      if (bytes.length === end - start) {
        let i = 0;
        while (i < bytes.length && bytes[i] === from[start + i]) i += 1;
        if (i === bytes.length) return place - 1;
      }
      slot = (slot + 1) & mask;
    }
    // A copy: a part of what was read would keep all of it.
    const bytes = Uint8Array.from(from.subarray(start, end));
    this.#bytes.push(bytes);
    this.texts.push(Buffer.from(bytes).toString());
    this.#slots[slot] = this.texts.length;
    if (this.texts.length * 2 > this.#slots.length) this.#grow();
    return this.texts.length - 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (const [i, bytes] of this.#bytes.entries()) {
      let slot = hash(bytes, 0, bytes.length) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = i + 1;
    }
  }
}

/** FNV-1a, its upper bits in the lower ones. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0x811c9dc5;
  for (let i = start; i < end; i += 1) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
  return sum ^ (sum >>> 15);
}

/** Dictionaries that grow by what is read. */
export class GrowingDictionaries {
  readonly #texts = new Map<string, GrowingTexts>();

  constructor(start: Dictionaries) {
    for (const [name, texts] of Object.entries(start)) this.add(name, texts);
  }

  of(name: string): GrowingTexts {
    const texts = this.#texts.get(name) ?? new GrowingTexts();
    this.#texts.set(name, texts);
    return texts;
  }

  add(name: string, texts: Iterable<string>): void {
    const to = this.of(name);
    for (const text of texts) to.number(text);
  }

  get all(): Dictionaries {
    return Object.fromEntries([...this.#texts].map(([name, { texts }]) => [name, [...texts]]));
  }
}
