/** The files behind a report, to show the places it speaks of. */

/** One package's files: read again from the drop when asked for, rather than all kept in memory. */
export class Sources {
  readonly #files: Map<string, Blob | Uint8Array>;

  constructor(files: Iterable<{ path: string; content: Blob | Uint8Array }>) {
    this.#files = new Map([...files].map(({ path, content }) => [path, content]));
  }

  get list(): { path: string; size: number }[] {
    return [...this.#files].map(([path, content]) => ({ path, size: content instanceof Blob ? content.size : content.byteLength }));
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  async read(path: string): Promise<Uint8Array> {
    const content = this.#files.get(path);
    if (!content) throw new Error("the report names this file, but it was not among the files that were dropped");
    return content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
  }
}
