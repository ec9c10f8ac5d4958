import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

const chunk = Buffer.from('"huge",'.repeat(9_000));
const hugeBytes = 64 * 1024 * 1024;

/** Streams far more than any caller should read, as fast as it is read, until it hangs up. */
export async function streamHuge(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  await pipeline(Readable.from(hugeAnswer()), response);
}

function* hugeAnswer(): Generator<Buffer> {
  yield Buffer.from('[');
  for (let sent = 0; sent < hugeBytes; sent += chunk.length) yield chunk;
  yield Buffer.from('"end"]');
}

/** Waits, but not after the caller has hung up or the server closes. */
export async function waitFor(ms: number, socket: Socket, closing: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  socket.once('close', leave);
  try {
    await pause(ms, undefined, { signal: AbortSignal.any([gone.signal, closing]) });
  } catch {
    // Nobody waits for the answer any more.
  } finally {
    socket.off('close', leave);
  }
}
