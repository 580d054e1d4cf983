/** Facts by content: an unchanged file is read once. */

/** A bounded map of facts, the least recently used leaving first. */
export class FactsCache {
  readonly #capacity: number;
  readonly #entries = new Map<string, Uint8Array>();
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The key of a file, or nothing where nothing is kept. Cryptographic: hostile content must not pass for another's. */
  async key(path: string, bytes: Uint8Array, asCode: boolean): Promise<string | undefined> {
    // Browsers offer SubtleCrypto to secure pages only; without it every file is simply read.
    const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
    if (this.#capacity === 0 || !subtle) return undefined;
    const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
    return `${asCode ? "code" : "name"}:${hex(digest)}:${path}`;
  }

  get(key: string): Uint8Array | undefined {
    const facts = this.#entries.get(key);
    if (facts) {
      this.#entries.delete(key);
      this.#entries.set(key, facts);
    }
    return facts;
  }

  set(key: string, facts: Uint8Array): void {
    this.#drop(key);
    this.#entries.set(key, facts);
    this.#size += cost(key, facts);
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#capacity) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }

  #drop(key: string): void {
    const facts = this.#entries.get(key);
    if (!facts) return;
    this.#entries.delete(key);
    this.#size -= cost(key, facts);
  }
}

/** Rough bytes of an entry, its map slot included. */
function cost(key: string, facts: Uint8Array): number {
  return facts.byteLength + 2 * key.length + 64;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
