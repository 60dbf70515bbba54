/** Reads an event stream as the HTML standard says (section 9.2.6), in pieces of any size. */

/** @typedef {{event: string, data: string, lastEventId: string}} ParsedEvent */

/**
 * Create a parser; `feed` it text as TextDecoder makes it of UTF-8, without the byte order mark that may come first.
 *
 * What has no empty line after it when the stream ends is never told: the standard discards it.
 *
 * @param {{onEvent: (event: ParsedEvent) => void, onRetry?: (milliseconds: number) => void}} options
 */
export function createParser({ onEvent, onRetry }) {
  let rest = "";
  let afterReturn = false;
  let event = "";
  let data = "";
  let id = "";

  const dispatch = () => {
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
    // return." A line of data, even an empty one, has left its line feed there.
    if (data) onEvent({ event: event || "message", data: data.slice(0, -1), lastEventId: id });
    event = data = "";
  };

  /** @param {string} name @param {string} value */
  const take = (name, value) => {
    if (name === "event") event = value;
    else if (name === "data") data += `${value}\n`;
    // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
    else if (name === "id" && !value.includes("\0")) id = value;
    // "If the field value consists of only ASCII digits …"
    else if (name === "retry" && /^[0-9]+$/.test(value)) onRetry?.(Number(value));
  };

  /** @param {string} line */
  const read = (line) => {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    if (colon < 0) return take(line, "");
    // "If value starts with a U+0020 SPACE character, remove it": one, no more. A comment has no name, so it is no field.
    take(line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1));
  };

  return {
    /** @param {string} text */
    feed(text) {
      if (!text) return;
      // A carriage return ends its line at once; a line feed that comes first in the next piece belongs to it.
      const lines = (afterReturn && text[0] === "\n" ? text.slice(1) : text).split(/\r\n|\r|\n/);
      afterReturn = text.endsWith("\r");
      // Only what is new was searched for ends: a long line in many pieces costs no more than in one.
      lines[0] = rest + lines[0];
      rest = /** @type {string} */ (lines.pop());
      for (const line of lines) read(line);
    },
  };
}
