/** Doubles at the wire: a clock that is moved by hand, an EventSource and a fetch that answer what a test says. */

/** Let everything that is already due in promises run. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Wait for what takes turns of the real loop, such as a module being loaded. @param {() => boolean} condition */
export async function until(condition) {
  for (const deadline = Date.now() + 60_000; !condition(); ) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${condition}`);
    await new Promise((done) => setImmediate(done));
  }
}

/** A clock that stands still until it is moved. */
export function createClock() {
  let now = 1_000_000;
  let last = 0;
  /** @type {Map<number, {due: number, run: () => void}>} */
  const timers = new Map();
  return {
    timers: {
      now: () => now,
      setTimeout: (/** @type {() => void} */ run, /** @type {number} */ milliseconds) => {
        last += 1;
        timers.set(last, { due: now + milliseconds, run });
        return last;
      },
      clearTimeout: (/** @type {number} */ timer) => void timers.delete(timer),
    },
    /** How many timers are waiting. */
    get waiting() {
      return timers.size;
    },
    /** Move on, running what falls due on the way, in order. @param {number} seconds */
    async forward(seconds) {
      const end = now + seconds * 1000;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = due[1].due;
        due[1].run();
        await settle();
      }
      now = end;
    },
    /** Let time pass while the machine sleeps: timers stand still. @param {number} seconds */
    sleep(seconds) {
      now += seconds * 1000;
      for (const timer of timers.values()) timer.due += seconds * 1000;
    },
  };
}

/** An EventSource class whose instances a test speaks through. */
export function createEventSource() {
  /** @type {FakeEventSource[]} */
  const opened = [];
  class FakeEventSource extends EventTarget {
    readyState = 0;
    /** @param {string} url */
    constructor(url) {
      super();
      this.url = url;
      opened.push(this);
    }
    close() {
      this.readyState = 2;
    }
    /** The server sends an event. @param {string} type @param {object | string} data @param {string} [id] */
    say(type, data = {}, id = "") {
      this.readyState = 1;
      const text = typeof data === "string" ? data : JSON.stringify(data);
      this.dispatchEvent(new MessageEvent(type, { data: text, lastEventId: id }));
    }
    /** The greeting, with a heartbeat each 15 s. */
    greet() {
      this.say("hello", { heartbeat_seconds: 15 });
    }
    /** Event number `seq` of the job. @param {number} seq @param {object} [more] @param {string} [type] */
    tell(seq, more = {}, type = "progress") {
      this.say(type, { topic: "job:1", seq, type, ...more }, String(seq));
    }
    /** The network breaks; a browser would try again by itself. */
    break() {
      this.readyState = 0;
      this.dispatchEvent(new Event("error"));
    }
    /** The server answers with anything but a stream. */
    refuse() {
      this.readyState = 2;
      this.dispatchEvent(new Event("error"));
    }
  }
  return {
    EventSource: /** @type {any} */ (FakeEventSource),
    opened,
    /** The latest one. */
    get current() {
      return opened[opened.length - 1];
    },
  };
}

/** A fetch that keeps each request until the test answers it. */
export function createFetch() {
  /**
   * @type {{
   *   url: URL, init: RequestInit, fail: () => Promise<void>,
   *   answer: (status: number, body?: any, headers?: Record<string, string>) => Promise<void>
   * }[]}
   */
  const requests = [];
  const fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init = {}) =>
    new Promise((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      requests.push({
        url: new URL(url, "http://host"),
        init,
        answer: async (status, body = null, headers = {}) => {
          const plain = body === null || typeof body === "string" || body instanceof ReadableStream;
          const text = plain ? body : JSON.stringify(body);
          resolve(new Response(text, { status, headers: { "Content-Type": "application/json", ...headers } }));
          await new Promise((done) => setImmediate(done));
          await settle();
        },
        fail: async () => {
          reject(new TypeError("network"));
          await settle();
        },
      });
    });
  return {
    fetch: /** @type {any} */ (fetch),
    requests,
    /** The latest one. */
    get current() {
      return requests[requests.length - 1];
    },
  };
}

/** What the tabs of one browser share: locks and channels. Messages travel in the order in which they were posted. */
export function createBrowser() {
  /** @type {Map<string, {holder: any, queue: any[]}>} */
  const locks = new Map();
  /** @type {Set<FakeChannel>} */
  const channels = new Set();
  const queue = (/** @type {string} */ name) => {
    if (!locks.has(name)) locks.set(name, { holder: null, queue: [] });
    return /** @type {{holder: any, queue: any[]}} */ (locks.get(name));
  };
  const grant = (/** @type {string} */ name) => {
    const lock = queue(name);
    if (lock.holder || !lock.queue.length) return;
    const request = (lock.holder = lock.queue.shift());
    Promise.resolve(request.run()).then((value) => {
      if (lock.holder !== request) return;
      lock.holder = null;
      request.resolve(value);
      grant(name);
    });
  };
  const request = (/** @type {string} */ name, /** @type {LockOptions} */ { signal, steal }, /** @type {any} */ run) =>
    new Promise((resolve, reject) => {
      const lock = queue(name);
      const request = { run, resolve, reject };
      const aborted = new DOMException("aborted", "AbortError");
      if (signal?.aborted) return reject(aborted);
      signal?.addEventListener("abort", () => {
        if (!lock.queue.includes(request)) return;
        lock.queue.splice(lock.queue.indexOf(request), 1);
        reject(aborted);
      });
      if (steal) {
        lock.holder?.reject(aborted);
        lock.holder = null;
        lock.queue.unshift(request);
      } else lock.queue.push(request);
      void Promise.resolve().then(() => grant(name));
    });
  class FakeChannel {
    /** @type {((message: {data: any}) => void) | null} */
    onmessage = null;
    /** A tab that is frozen hears nothing for now. */
    constructor(/** @type {string} */ name) {
      this.name = name;
      channels.add(this);
    }
    postMessage(/** @type {any} */ data) {
      const copy = structuredClone(data);
      for (const other of channels) {
        if (other !== this && other.name === this.name) void Promise.resolve().then(() => other.hear(copy));
      }
    }
    hear(/** @type {any} */ data) {
      if (channels.has(this)) this.onmessage?.({ data });
    }
    close() {
      channels.delete(this);
    }
  }
  return {
    BroadcastChannel: /** @type {any} */ (FakeChannel),
    channels,
    /** Those of one more tab: they are another object, and hold the same locks. */
    get locks() {
      return /** @type {any} */ ({ request });
    },
    /** How many wait for a lock. */
    get waiting() {
      return [...locks.values()].reduce((sum, { queue }) => sum + queue.length, 0);
    },
    /** Names of locks that are held. */
    get held() {
      return [...locks].filter(([, { holder }]) => holder).map(([name]) => name);
    },
  };
}

/** What a page is told of itself: `window` and `document` as far as the client listens to them. */
export function createPage() {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible", cookie: "" });
  return {
    window,
    document,
    /** Something happens to the page. @param {string} event */
    meet(event) {
      const target = ["online", "pageshow", "pagehide"].includes(event) ? window : document;
      target.dispatchEvent(Object.assign(new Event(event), { persisted: true }));
    },
    /** It is looked away from. */
    hide() {
      document.visibilityState = "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

/**
 * As much of a page as an element needs that follows a stream: it is put in, taken out, and found by what stands in it.
 * Call it before the element's module is loaded.
 */
export function createElements() {
  class FakeElement extends EventTarget {
    /** @type {Record<string, any>} */
    dataset = {};
    /** @type {Record<string, string>} */
    attributes = {};
    /** @type {any} */
    parent = null;
    /** @type {any[]} */
    children = [];
    isConnected = false;
    hidden = true;
    textContent = "";
    href = "";
    /** @param {string} name */
    getAttribute(name) {
      return this.attributes[name] ?? null;
    }
    /** The nearest one around it that follows a stream: no test asks for another. */
    closest() {
      for (let around = this; around; around = around.parent) if (around.dataset.streamUrl) return around;
      return null;
    }
    /** @param {...any} children */
    replaceChildren(...children) {
      this.children = children;
      this.textContent = children.map((child) => child.textContent).join("");
    }
  }
  Object.assign(globalThis, {
    HTMLElement: FakeElement,
    customElements: { define: () => {} },
    document: { createElement: () => new FakeElement(), cookie: "" },
  });
  return {
    /** Put an element in, as a browser does. @param {any} element @param {any} [parent] */
    put(element, parent = null) {
      Object.assign(element, { parent, isConnected: true });
      element.connectedCallback();
    },
    /** @param {any} element */
    take(element) {
      element.isConnected = false;
      element.disconnectedCallback();
    },
  };
}
