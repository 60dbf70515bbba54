export namespace pageLocks {
    function request(name: string, { signal, steal }: LockOptions, run: () => unknown): Promise<any>;
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
export type Request = {
    run: () => unknown;
    resolve: (value: unknown) => void;
    reject: (error: Error) => void;
};
