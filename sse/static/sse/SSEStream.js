/** One EventSource, the browser's or one like it, from its opening to its loss. It never reconnects: whoever opened it decides. */

import { WIRE } from "./SSEMessageTypes.js";
import { createAlarm, readObject } from "./SSEUtils.js";

/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */

/**
 * How it was lost: the connection broke; the server refused (which status, EventSource does not say); no `hello` came,
 * as behind a proxy that buffers; or it fell silent.
 *
 * @typedef {"broken" | "refused" | "no hello" | "silent"} Loss
 */

/**
 * What a source that is not the browser's own knows beside: what the server answered, and how long it asks to wait.
 *
 * @typedef {EventSource & {answer?: import("./SSEReconnection.js").Answer | null, retry?: number}} Source
 */

const CLOSED = 2;

/**
 * Open a stream.
 *
 * @param {string} url
 * @param {{
 *   EventSource: typeof globalThis.EventSource,
 *   timers: import("./SSEUtils.js").Timers,
 *   helloSeconds: number,
 *   silenceFactor: number,
 *   onEvent: (event: SSEMessage, id: string) => void,
 *   onBroken: () => void,
 *   onLost: (loss: Loss, source: Source) => void
 * }} options `onLost` is called at most once, and never after `close`
 */
export function openStream(url, { EventSource, timers, helloSeconds, silenceFactor, onEvent, onBroken, onLost }) {
  /** @type {Source} */
  const source = new EventSource(url);
  const alarm = createAlarm(timers);
  let open = true;
  let heartbeatSeconds = 0;
  let lastSign = timers.now();

  const close = () => {
    open = false;
    alarm.cancel();
    source.close();
  };

  /** @param {Loss} loss */
  const lose = (loss) => {
    if (!open) return;
    close();
    onLost(loss, source);
  };

  const patience = () => heartbeatSeconds * silenceFactor * 1000;

  const sign = () => {
    lastSign = timers.now();
    if (heartbeatSeconds > 0) alarm.set(patience(), () => lose("silent"));
  };

  /** @param {string} type @param {MessageEvent} message */
  const receive = (type, message) => {
    const data = readObject(message.data);
    if (!open) return;
    if (data === null) return onBroken();
    if (type === "hello") {
      alarm.cancel();
      heartbeatSeconds = Number(data.heartbeat_seconds) || 0;
    }
    sign();
    onEvent({ ...data, type }, message.lastEventId);
  };

  for (const type of WIRE) {
    source.addEventListener(type, (event) => {
      // A server's event named "error" and the loss of the connection arrive at the same listener. Only the first is a
      // message. Not instanceof: others' EventSources have classes of their own.
      if ("data" in event) receive(type, /** @type {MessageEvent} */ (event));
      // EventSource would try again by itself, at a fixed pace and for ever: our own way is kinder to the server.
      else if (type === "error") lose(source.readyState === CLOSED ? "refused" : "broken");
    });
  }
  // From the first moment: a proxy that buffers may hold back the headers as well.
  alarm.set(helloSeconds * 1000, () => lose("no hello"));

  return {
    close,
    /** Look now whether it still lives: after a sleep timers are late, and a page's cache closes streams unasked. */
    check() {
      if (source.readyState === CLOSED) lose("broken");
      else if (heartbeatSeconds > 0 && timers.now() - lastSign > patience()) lose("silent");
    },
  };
}
