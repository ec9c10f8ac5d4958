import type { Day, Instant } from '../domain/time.ts';
import { isDay } from '../domain/time.ts';

/** `dd-MM-yyyy` from `yyyy-MM-dd` and back; the text must have either form. */
export function flipDay(text: string): string {
  return text[2] === '-' ? `${text.slice(6)}-${text.slice(3, 5)}-${text.slice(0, 2)}` : `${text.slice(8)}-${text.slice(5, 7)}-${text.slice(0, 4)}`;
}

const flipped = /^\d{2}-\d{2}-\d{4}$/;

/** Whether the text is a `dd-MM-yyyy` that names an existing day. */
export function isFlippedDay(text: string): boolean {
  return flipped.test(text) && isDay(flipDay(text));
}

const clock = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?$/;

/** Whether the text is `yyyy-MM-dd HH:mm:ss`, milliseconds allowed, and names an existing moment. */
export function isLocalTime(text: string): boolean {
  return text[10] === ' ' && isDay(text.slice(0, 10)) && clock.test(text.slice(11));
}

/** Whether the text is `dd-MM-yyyy HH:mm:ss`, milliseconds allowed, and names an existing moment. */
export function isFlippedTime(text: string): boolean {
  return text[10] === ' ' && isFlippedDay(text.slice(0, 10)) && clock.test(text.slice(11));
}

/** The moment that a Jakarta clock (WIB, UTC+7) shows as this day and time of day. */
export function fromJakarta(day: Day, time: string): Instant {
  return new Date(`${day}T${time}+07:00`).toISOString();
}

/** What a Jakarta clock shows at the moment; milliseconds only where there are any. */
export function toJakarta(instant: Instant): { readonly day: Day; readonly time: string } {
  const shown = new Date(Date.parse(instant) + 7 * 3_600_000).toISOString();
  return { day: shown.slice(0, 10), time: shown.slice(11, 23).replace('.000', '') };
}
