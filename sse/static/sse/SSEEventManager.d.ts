/** @typedef {(data: any) => void} Handler */
/** Create a registry of handlers. */
export function createEventManager(): {
    off: (event: string, handler: Handler) => void;
    /** Call `handler` for each such event. Returns its undo. @param {string} event @param {Handler} handler */
    on(event: string, handler: Handler): () => void;
    /** @param {string} event @param {unknown} data */
    emit(event: string, data: unknown): void;
};
export type Handler = (data: any) => void;
