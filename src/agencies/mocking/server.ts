/** A running mock agency. */
export interface MockServer {
  /** Base URL, such as `http://127.0.0.1:4101`. */
  readonly url: string;
  close(): Promise<void>;
}
