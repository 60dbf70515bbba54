export class SSEElement extends HTMLElement {
    /** How the stream stands, for what shows it. @type {StateChange} */
    streamState: StateChange;
    /** For those who write an element: an event has come. @param {SSEMessage} _event */
    receive(_event: SSEMessage): void;
    /** For those who write an element: the stream stands otherwise. @param {StateChange} _change */
    streamChanged(_change: StateChange): void;
    connectedCallback(): void;
    disconnectedCallback(): void;
    /** Where a browser moves elements without taking them out, there is nothing to do. */
    connectedMoveCallback(): void;
    /** Follow the stream, from where it was left. */
    follow(): void;
    /** Give the stream up; `follow` goes on from the same place. */
    unfollow(): void;
    /** Follow what the attributes say by now, in place of what they said before. */
    restart(): void;
    #private;
}
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type StateChange = import("./SSEStates.js").StateChange;
