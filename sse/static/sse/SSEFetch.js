/**
 * Streams by `fetch`, for those who sign in with a header. Loaded only when headers or a token are asked for.
 *
 * It looks like EventSource to whoever reads from it, but for what EventSource does worse: it never reconnects by itself,
 * and it shows what the server answered.
 */

import { createParser } from "./SSEParser.js";
import { retryAfter } from "./SSEUtils.js";

/** @typedef {{status: number, type: string, after: number}} Answer */

/**
 * Return `fetch` with these headers, and a token asked for anew for each request.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {{headers?: Record<string, string>, token?: string | (() => string | Promise<string>)}} credentials
 * @returns {typeof globalThis.fetch}
 */
export function signed(fetch, { headers = {}, token }) {
  return async (url, init = {}) => {
    const secret = typeof token === "function" ? await token() : token;
    const all = new Headers(headers);
    if (secret) all.set("Authorization", `Bearer ${secret}`);
    for (const [name, value] of new Headers(init.headers)) all.set(name, value);
    return fetch(url, { ...init, headers: all });
  };
}

/**
 * Create a class that stands in for EventSource.
 *
 * @param {{fetch: typeof globalThis.fetch, now: () => number}} options
 */
export function createEventSource({ fetch, now }) {
  return class FetchEventSource extends EventTarget {
    #abort = new AbortController();
    readyState = 0;
    /** What the server answered, where that was no stream. @type {Answer | null} */
    answer = null;
    /** What the server's `retry` field asked for, in milliseconds. */
    retry = 0;

    /** @param {string} url */
    constructor(url) {
      super();
      this.url = url;
      void this.#run();
    }

    close() {
      this.readyState = 2;
      this.#abort.abort();
    }

    async #run() {
      try {
        await this.#read();
      } catch {
        // The network, or a body that was cut: a loss like the end of the body.
      }
      if (this.readyState === 2) return;
      this.readyState = this.answer ? 2 : 0;
      this.#abort.abort();
      this.dispatchEvent(new Event("error"));
    }

    async #read() {
      const headers = { Accept: "text/event-stream" };
      const { signal } = this.#abort;
      const response = await fetch(this.url, { headers, cache: "no-store", signal });
      const type = response.headers.get("Content-Type") ?? "";
      if (response.status !== 200 || !type.startsWith("text/event-stream")) {
        this.answer = { status: response.status, type, after: retryAfter(response.headers.get("Retry-After"), now()) };
        return;
      }
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
      const parser = createParser({
        onEvent: ({ event, ...rest }) => {
          // A listener may have closed it between two events of one piece.
          if (this.readyState === 1) this.dispatchEvent(new MessageEvent(event, rest));
        },
        onRetry: (milliseconds) => void (this.retry = milliseconds),
      });
      const decoder = new TextDecoder();
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        parser.feed(decoder.decode(value, { stream: true }));
      }
    }
  };
}
