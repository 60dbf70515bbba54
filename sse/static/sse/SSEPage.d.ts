export namespace pageLocks {
    function request(_name: string, _options: LockOptions, run: () => unknown): Promise<undefined>;
}
export class PageChannel {
    /** @param {string} name */
    constructor(name: string);
    /** @type {((message: {data: any}) => void) | null} */
    onmessage: ((message: {
        data: any;
    }) => void) | null;
    name: string;
    /** @param {unknown} data */
    postMessage(data: unknown): void;
    close(): void;
}
