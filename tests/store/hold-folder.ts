// A stand-in for the hub in a process of its own: starts the server on the folder given, prints its address, and stays until killed.
import { startEmbedded } from '../../src/store/embedded.ts';

const [dataDir, shared] = process.argv.slice(2);
try {
  const { url } = await startEmbedded({ dataDir: dataDir!, shared: shared! });
  process.stdout.write(`${url}\n`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
