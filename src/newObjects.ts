import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make all objects among the young ones. By itself it learns for each place in the code how long its objects live, and makes those that have lived long among the old ones
 * from the start. The adapters make the records of feeds and of requests in the same places: after a first load, which keeps thousands of records for a while, the records of every
 * request would be old from the start, with all that hangs on them, until the next collection of everything.
 */
export function makeObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
