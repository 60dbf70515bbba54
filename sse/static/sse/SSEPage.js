/**
 * Locks and channels within one page, for browsers that have no locks: over plain HTTP none has. Tabs can share nothing
 * there, but the elements of a page still share one stream.
 */

/** @type {Set<PageChannel>} */
const channels = new Set();

/** A page asks for each lock once, see SSESeat.js: nobody else is there to wait for. */
export const pageLocks = {
  /** @param {string} _name @param {LockOptions} _options @param {() => unknown} run */
  request: async (_name, _options, run) => void (await run()),
};

export class PageChannel {
  /** @type {((message: {data: any}) => void) | null} */
  onmessage = null;

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    channels.add(this);
  }

  /** @param {unknown} data */
  postMessage(data) {
    const copy = structuredClone(data);
    for (const other of channels) {
      if (other === this || other.name !== this.name) continue;
      queueMicrotask(() => void (channels.has(other) && other.onmessage?.({ data: copy })));
    }
  }

  close() {
    channels.delete(this);
  }
}
