/**
 * Locks and channels within one page, for browsers that have no locks: over plain HTTP none has. Tabs can share nothing
 * there, but the elements of a page still share one stream.
 */

/** @typedef {{run: () => unknown, resolve: (value: unknown) => void, reject: (error: Error) => void}} Request */

/** @type {Map<string, {holder: Request | null, waiting: Request[]}>} */
const locks = new Map();
/** @type {Set<PageChannel>} */
const channels = new Set();

const given = () => new DOMException("The lock was given to another.", "AbortError");

/** @param {string} name */
async function grant(name) {
  const lock = locks.get(name);
  const next = lock && !lock.holder && lock.waiting.shift();
  if (!lock || !next) return;
  lock.holder = next;
  try {
    next.resolve(await next.run());
  } catch (error) {
    next.reject(/** @type {Error} */ (error));
  }
  if (lock.holder !== next) return;
  lock.holder = null;
  void grant(name);
}

/** As much of the browser's as sharing a stream needs. */
export const pageLocks = {
  /**
   * @param {string} name
   * @param {LockOptions} options
   * @param {() => unknown} run the lock is held until what it returns is settled
   */
  request: (name, { signal, steal }, run) =>
    new Promise((resolve, reject) => {
      const lock = locks.get(name) ?? { holder: null, waiting: [] };
      const request = { run, resolve, reject };
      locks.set(name, lock);
      signal?.addEventListener("abort", () => {
        if (!lock.waiting.includes(request)) return;
        lock.waiting.splice(lock.waiting.indexOf(request), 1);
        reject(given());
      });
      if (steal) {
        lock.holder?.reject(given());
        lock.holder = null;
        lock.waiting.unshift(request);
      } else lock.waiting.push(request);
      queueMicrotask(() => void grant(name));
    }),
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
