import { type DestinationStream, type Logger, pino } from 'pino';
import { describeFault } from './server/errors.ts';

/**
 * The hub's logger: JSON lines in which a fault (`fault`) is its kind, its code and its places, whoever logs it. Messages of faults stay out, since those of
 * libraries and remote sides can carry what a caller sent.
 */
export function createLogger(level: string, destination: DestinationStream): Logger {
  return pino({ level, serializers: { fault: (fault: unknown) => (fault instanceof Error ? describeFault(fault) : fault), err: describeFault } }, destination);
}
