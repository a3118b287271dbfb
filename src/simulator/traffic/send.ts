/** Sends a request to the server, which may be this process, a test's, or on another machine. */
export type Send = (path: string, init?: { method: 'POST'; body: string }) => Promise<Response>
