/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {(data: any) => void} Handler */
/** Create a registry of handlers. */
export function createEventManager(): {
    off: (event: string, handler: Handler) => void;
    /** Call `handler` for each such event. Returns its undo. @param {string} event @param {Handler} handler */
    on(event: string, handler: Handler): () => void;
    /** @param {string} event @param {unknown} data */
    emit(event: string, data: unknown): void;
};
/**
 * Keep the last number seen of each topic.
 *
 * Numbers count 1, 2, 3 … without gaps, so one comparison says everything. After a reset the first event of a topic is
 * taken as it comes.
 */
export function createPositions(): {
    /** @param {string} topic @param {number} seq @returns {"next" | "repeated" | "gap"} */
    judge(topic: string, seq: number): "next" | "repeated" | "gap";
    /** @param {string} topic @param {number} seq */
    move: (topic: string, seq: number) => undefined;
    /** @param {string} topic */
    forget: (topic: string) => undefined;
};
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type Handler = (data: any) => void;
