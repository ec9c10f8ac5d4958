/*
 * Spans of days in the facts: those of a worker's cover by a programme, or abroad. Spans that touch are one. The latest three stand in columns of their own, where
 * they cost little to compare; the few others of somebody with a long history are in a text. None of these columns is ever null, and what asks of them has nothing that
 * needs null: so a scan compares them as numbers, and passes over rows before it reads the other columns.
 */

/** Spans that stand in columns of their own. */
const slots = [1, 2, 3] as const;

/** Last day of a span without an end. */
export const openEnd = `date '9999-12-31'`;

/** First day of what never begins: after the last day that can be asked for. */
export const never = `date '10000-01-01'`;

/** Before the first day that can be asked for. */
export const always = `date '-infinity'`;

/** Names of the columns in which spans are kept under a name. */
export function spanNames(name: string): string[] {
  return [...slots.flatMap((i) => [`${name}From${i}`, `${name}To${i}`]), `${name}More`];
}

/** What the columns hold where there are no spans. */
const none = [...slots.flatMap(() => [never, never]), `''`];

/** The columns of spans from a row that may not be there, as select items. */
export function spanColumns(name: string, from: string): string {
  return spanNames(name).map((column, i) => `coalesce(${from}."${column}", ${none[i]}) "${column}"`).join(', ');
}

/** Days are counted from it where a span is one number. */
const origin = `date '0001-01-01'`;
/** More than there are days that can be written. */
const daysBits = 22;

/**
 * SQL that makes, of rows with the columns of `by`, `f` and `t` (first and last day), one row each for `by` with the columns of their spans. Most have three rows at most: these
 * are told by their least, their greatest and their sum, and no list is made. With more, it is done on lists: windows and ordered aggregates take four times as long.
 */
export function merged(name: string, rows: string, by: string): string {
  const numbered = `select ${by}, f, t, ((f - ${origin}) << ${daysBits}) + (t - ${origin}) k from (${rows}) where f <= t`;
  const day = (number: string) => `${origin} + (${number})::integer`;
  const first = (k: string) => `${k} >> ${daysBits}`;
  const last = (k: string) => `${k} & ${2 ** daysBits - 1}`;
  // x, y and z are the three in the order of their first days, some of them the same where there are fewer.
  const three = `select ${by}, ${['x', 'y', 'z'].map((k) => `${first(k)} ${k}f, ${last(k)} ${k}t`).join(', ')}, yf <= xt + 1 xy, greatest(xt, yt) xyt, zf <= xyt + 1 yz
    from (select ${by}, min(k) x, max(k) z, case when count(*) = 3 then sum(k::double)::bigint - min(k) - max(k) else max(k) end y from (${numbered}) group by ${by} having count(*) <= 3)`;
  const short = [
    day('case when not yz then zf when xy then xf else yf end'), day('greatest(xyt, zt)'),
    `case when not (xy and yz) then ${day('case when yz or xy then xf else yf end')} else ${never} end`, `case when not (xy and yz) then ${day('case when yz then xt else xyt end')} else ${never} end`,
    `case when not xy and not yz then ${day('xf')} else ${never} end`, `case when not xy and not yz then ${day('xt')} else ${never} end`,
    `''`,
  ];
  const touching = `list_append(before[:-2], {'f': before[-1].f, 't': greatest(before[-1].t, next[1].t)})`;
  const listed = `select ${by}, list_reverse(list_reduce(ordered, lambda before, next: case when next[1].f <= before[-1].t + 1 then ${touching} else list_concat(before, next) end)) spans from (
    select ${by}, list_transform(list_sort(list({'f': f, 't': t})), lambda span: [span]) ordered from (${numbered}) where (${by}) in (select (${by}) from (${numbered}) group by ${by} having count(*) > 3) group by ${by}
  )`;
  const more = `case when len(spans) > ${slots.length} then array_to_string(list_transform(spans[${slots.length + 1}:], lambda span: span.f::varchar || '/' || span.t::varchar), ';') else '' end`;
  const long = [...slots.flatMap((i) => [`coalesce(spans[${i}].f, ${never})`, `coalesce(spans[${i}].t, ${never})`]), more];
  const as = (columns: readonly string[]) => spanNames(name).map((column, i) => `${columns[i]} "${column}"`).join(', ');
  return `select ${by}, ${as(short)} from (${three}) union all select ${by}, ${as(long)} from (${listed})`;
}

/** SQL that tells whether a day (`$day` left out) lies in one of the spans kept under a name; never null. */
export function spansHold(name: string, day = '$day'): string {
  const inside = slots.map((i) => `("${name}From${i}" <= ${day} and "${name}To${i}" >= ${day})`);
  const among = `len(list_filter(string_split("${name}More", ';'), lambda span: try_cast(split_part(span, '/', 1) as date) <= ${day} and try_cast(split_part(span, '/', 2) as date) >= ${day})) > 0`;
  return `(${inside.join(' or ')} or ("${name}More" <> '' and ${among}))`;
}

/** SQL of the last day of the latest span kept under a name that meets the days from one to another, at most the latter; null for none. */
export function lastWithin(name: string, from: string, to: string): string {
  const inside = slots.map((i) => `when "${name}From${i}" <= ${to} and "${name}To${i}" >= ${from} then least("${name}To${i}", ${to})`);
  const [f, t] = [1, 2].map((part) => `try_cast(split_part(span, '/', ${part}) as date)`);
  const among = `list_max(list_transform(list_filter(string_split("${name}More", ';'), lambda span: ${f} <= ${to} and ${t} >= ${from}), lambda span: least(${t}, ${to})))`;
  return `case ${inside.join(' ')} when "${name}More" <> '' then ${among} end`;
}
