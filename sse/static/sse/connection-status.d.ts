export class ConnectionStatus extends HTMLElement {
    connectedCallback(): void;
    disconnectedCallback(): void;
    #private;
}
export type StateChange = import("./SSEStates.js").StateChange;
