import { type Day, daysBetween } from '../../domain/time.ts';

/*
 * Spans of days in the facts: those of a worker's cover by a programme, or abroad. Spans that touch are one. Three, mostly all, stand in columns of their own, each as one
 * number, so that a scan reads little and compares numbers; the few others of somebody with a long history are in a text, with those of all names. None of these columns is
 * ever null, and what asks of them has nothing that needs null.
 */

/** Spans that stand in columns of their own. */
const slots = [1, 2, 3] as const;

/** Last day of a span without an end. */
export const openEnd = `date '9999-12-31'`;

/** First day of what never begins: after the last day that can be asked for. */
export const never = `date '10000-01-01'`;

/** Before the first day that can be asked for. */
export const always = `date '-infinity'`;

/** Days are counted from it. */
const firstDay = '0001-01-01';
const origin = `date '${firstDay}'`;
/** More than there are days that can be written. */
const daysBits = 22;

/** In a column a day is a number of 16 bits, from 1 on: from 1900 to 2079. The last number means no end, and the one before it any later day. A span with other days is in the text. */
const [shortBits, later, noEnd] = [16, 2 ** 16 - 2, 2 ** 16 - 1];
/** The day before the first of these. */
const beforeShort = '1899-12-31';
const shortOrigin = `date '${beforeShort}'`;
const shift = `(${shortOrigin} - ${origin})`;

/** A span that holds no day: it begins after all. */
const none = `${noEnd * 2 ** shortBits}::uinteger`;
/** In the last column, instead: there are more, in the text. It holds no day either, and is told apart sooner than a text is. */
const andMore = `${noEnd * 2 ** shortBits + 1}::uinteger`;

/** Name of the column of the text with the spans that have none of their own. */
export const moreSpans = 'spansMore';
const moreOf = (name: string) => `${name}More`;

/** Names of the columns in which spans are kept under a name. */
export function spanNames(name: string): string[] {
  return slots.map((i) => `${name}${i}`);
}

/** The columns of spans, each from a row that may not be there, as select items. */
export function spanColumns(from: Readonly<Record<string, string>>): string {
  const columns = Object.entries(from).flatMap(([name, row]) => spanNames(name).map((column) => `coalesce(${row}."${column}", ${none}) "${column}"`));
  // It passes over null.
  const more = `concat(${Object.entries(from).map(([name, row]) => `${row}."${moreOf(name)}"`).join(', ')})`;
  return [...columns, `${more} "${moreSpans}"`].join(', ');
}

/**
 * SQL that makes, of rows with the columns of `by`, `f` and `t` (first and last day), one row each for `by` with the columns of their spans. Most have three rows at most: these
 * are told by their least, their greatest and their sum, and no list is made. With more, it is done on lists: windows and ordered aggregates take four times as long.
 */
export function merged(name: string, rows: string, by: string): string {
  const numbered = `select ${by}, f, t, ((f - ${origin}) << ${daysBits}) + (t - ${origin}) k from (${rows}) where f <= t`;
  const first = (k: string) => `${k} >> ${daysBits}`;
  const last = (k: string) => `${k} & ${2 ** daysBits - 1}`;
  const fits = (f: string, t: string, open: string) => `(${f} > ${shift} and ${f} - ${shift} < ${later} and (${t} = ${open} or ${t} - ${shift} < ${later}))`;
  const endless = `(${openEnd} - ${origin})`;
  const packed = (f: string, t: string) => `(((${f}) - ${shift}) * ${2 ** shortBits} + least((${t}) - ${shift}, ${noEnd}))::uinteger`;
  const few = `count(*) <= 3 and bool_and(${fits(`(f - ${origin})`, `(t - ${origin})`, endless)})`;
  // x, y and z are the three in the order of their first days, some of them the same where there are fewer.
  const three = `select ${by}, ${['x', 'y', 'z'].map((k) => `${first(k)} ${k}f, ${last(k)} ${k}t`).join(', ')}, yf <= xt + 1 xy, greatest(xt, yt) xyt, zf <= xyt + 1 yz
    from (select ${by}, min(k) x, max(k) z, case when count(*) = 3 then sum(k::double)::bigint - min(k) - max(k) else max(k) end y from (${numbered}) group by ${by} having ${few})`;
  const short = [
    packed('case when not yz then zf when xy then xf else yf end', 'greatest(xyt, zt)'),
    `case when not (xy and yz) then ${packed('case when yz or xy then xf else yf end', 'case when yz then xt else xyt end')} else ${none} end`,
    `case when not xy and not yz then ${packed('xf', 'xt')} else ${none} end`,
    `''`,
  ];
  const touching = `list_append(before[:-2], {'f': before[-1].f, 't': greatest(before[-1].t, next[1].t)})`;
  const listed = `select ${by}, list_reverse(list_reduce(ordered, lambda before, next: case when next[1].f <= before[-1].t + 1 then ${touching} else list_concat(before, next) end)) spans from (
    select ${by}, list_transform(list_sort(list({'f': ${first('k')}, 't': ${last('k')}})), lambda span: [span]) ordered from (${numbered}) where (${by}) in (select (${by}) from (${numbered}) group by ${by} having not (${few})) group by ${by}
  )`;
  const kept = slots.length - 1;
  const parted = `select ${by}, fitting[1:${kept}] kept, list_concat(fitting[${kept + 1}:], outside) beyond
    from (select ${by}, ${['', 'not '].map((no) => `list_filter(spans, lambda span: ${no}${fits('span.f', 'span.t', endless)})`).join(' fitting, ')} outside from (${listed}))`;
  const alone = `len(beyond) = 1 and len(kept) = ${kept} and ${fits('beyond[1].f', 'beyond[1].t', endless)}`;
  const long = [
    ...slots.slice(0, -1).map((i) => `coalesce(${packed(`kept[${i}].f`, `kept[${i}].t`)}, ${none})`),
    `case when len(beyond) = 0 then ${none} when ${alone} then ${packed('beyond[1].f', 'beyond[1].t')} else ${andMore} end`,
    `case when ${alone} then '' else array_to_string(list_transform(beyond, lambda span: '${name}/' || span.f || '/' || span.t || ';'), '') end`,
  ];
  const as = (columns: readonly string[]) => [...spanNames(name), moreOf(name)].map((column, i) => `${columns[i]} "${column}"`).join(', ');
  return `select ${by}, ${as(short)} from (${three}) union all select ${by}, ${as(long)} from (${parted})`;
}

/** SQL of the number of a day that is asked for; 0 for any before those that have one. */
const shortOf = (day: string) => `least(greatest(${day} - ${shortOrigin}, 0), ${later})`;
const lastOf = (column: string) => `("${column}" & ${noEnd}::uinteger)`;
/** SQL of the number of the last span that begins on a day of a number. */
const lastFrom = (short: string) => `(${short} * ${2 ** shortBits} + ${noEnd})`;

/** SQL that tells whether the span in a column begins no later than a number of a span, and ends no sooner than that of a day. */
const meets = (column: string, begins: string, ends: string) => `("${column}" <= ${begins}::uinteger and ${lastOf(column)} >= ${ends}::uinteger)`;

/** SQL that tells whether there are spans in the text that are kept under a name. */
const hasMore = (name: string) => `"${spanNames(name).at(-1)}" = ${andMore}`;

/** SQL of those in the text that are kept under a name and meet days, from one number to another, as texts. What several names had in common, DuckDB would work out for all rows. */
function meetingMore(name: string, from: string, to: string): string {
  return `list_filter(regexp_extract_all("${moreSpans}", '${name}/\\d+/\\d+'), lambda span: ${numberIn('span', 2)} <= ${to} and ${numberIn('span', 3)} >= ${from})`;
}
const numberIn = (span: string, part: number) => `split_part(${span}, '/', ${part})::integer`;

/** SQL that tells whether a day lies in one of the spans kept under a name; never null. Of what is joined by `and`, DuckDB tries any part first, so that the text is looked at by `case`. */
export function spansHold(name: string, day: Day): string {
  const short = Math.min(Math.max(daysBetween(beforeShort, day), 0), later);
  const begins = `${short * 2 ** shortBits + noEnd}`;
  const number = `${daysBetween(firstDay, day)}`;
  return `(${spanNames(name).map((column) => meets(column, begins, `${short}`)).join(' or ')} or case when ${hasMore(name)} then len(${meetingMore(name, number, number)}) > 0 else false end)`;
}

/** SQL of the last day of the latest span kept under a name that meets the days from one to another, at most the latter; null for none. */
export function lastWithin(name: string, from: string, to: string): string {
  const dayOf = (column: string) => `case when ${lastOf(column)} = ${noEnd} then ${openEnd} else ${shortOrigin} + ${lastOf(column)}::integer end`;
  const kept = spanNames(name).map((column) => `case when ${meets(column, lastFrom(shortOf(to)), shortOf(from))} then ${dayOf(column)} end`);
  const among = `case when ${hasMore(name)} then list_max(list_transform(${meetingMore(name, `${from} - ${origin}`, `${to} - ${origin}`)}, lambda span: ${origin} + ${numberIn('span', 3)})) end`;
  // These pass over null.
  const latest = `greatest(${[...kept, among].join(', ')})`;
  return `case when ${latest} is not null and ${from} is not null and ${to} is not null then least(${latest}, ${to}) end`;
}
