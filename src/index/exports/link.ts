import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where files are fetched. */
export const downloadPath = '/exports';

/**
 * Links to files: an export's id, until when, and a signature that also names the owner. A link is nobody else's: whoever follows it is asked for the owner's key as well.
 * Nothing in it is of a person.
 */
export interface Links {
  write(job: string, owner: string, until: Date): string;
  holds(link: { readonly id: string; readonly until: string; readonly signature: string }, owner: string, now: Date): boolean;
}

export function createDownloadLinks(secret: Uint8Array): Links {
  const sign = (job: string, owner: string, until: string) => createHmac('sha256', secret).update(JSON.stringify([job, owner, until])).digest();
  return {
    write(job, owner, until) {
      const seconds = String(Math.floor(until.getTime() / 1000));
      return `${downloadPath}/${job}?until=${seconds}&signature=${sign(job, owner, seconds).toString('base64url')}`;
    },
    holds({ id, until, signature }, owner, now) {
      const given = Buffer.from(signature, 'base64url');
      const right = sign(id, owner, until);
      return given.length === right.length && timingSafeEqual(given, right) && Number(until) * 1000 > now.getTime();
    },
  };
}
