import { connect, type Socket } from 'node:net';

/** Where the driver wants to be connected to, as it hands it over. */
interface Destination {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/**
 * Makes the driver's connections to be ones that send at once. By itself it leaves small pieces to Nagle's algorithm, which waits for the server's acknowledgement
 * of the piece before, and the server's system for 40 ms before it sends one: each COPY then waits that long.
 */
export function promptSockets(): (to: Destination) => Socket {
  let turn = 0;
  return ({ host, port, path }) => {
    if (path) return connect({ path });
    // Of several servers the next, as the driver does.
    const at = turn++ % host.length;
    const socket = connect({ host: host[at]!, port: port[at]!, noDelay: true });
    // By this name the driver checks the server's certificate.
    return Object.assign(socket, { host: host[at] });
  };
}
