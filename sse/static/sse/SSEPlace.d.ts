/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/**
 * Keep the last number of each topic, and the cursor to ask on from.
 *
 * Numbers count 1, 2, 3 … without gaps, so one comparison says everything. After a reset the first event of a topic is
 * taken as it comes.
 *
 * @param {string[]} topics
 * @param {string} cursor of what is known already
 * @param {{resume: () => boolean, onHole: (topic: string) => void}} ways `resume` asks again, where it can
 */
export function createPlace(topics: string[], cursor: string, { resume, onHole }: {
    resume: () => boolean;
    onHole: (topic: string) => void;
}): {
    readonly cursor: string;
    /** Polling names the place itself. @param {string | number} to */
    move: (to: string | number) => undefined;
    /** What was asked for is no longer there: go on from where the server says. @param {SSEMessage} event */
    reset(event: SSEMessage): void;
    /**
     * Take a numbered event, if it is the next. Something that was lost on the way is asked for again, once: the server
     * has it, or has nothing to fill the hole with.
     *
     * @param {SSEMessage} event
     * @param {string} id the cursor after it, where the stream named one
     * @returns {boolean} whether to deliver it
     */
    take({ topic, seq }: SSEMessage, id: string): boolean;
};
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
