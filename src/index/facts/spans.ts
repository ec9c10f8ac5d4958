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

/**
 * SQL that makes, of rows with the columns of `by`, `f` and `t` (first and last day), one row each for `by` with the list `spans`, latest first. Done on lists: windows and
 * ordered aggregates take four times as long.
 */
export function merged(rows: string, by: string): string {
  const touching = `list_append(before[:-2], {'f': before[-1].f, 't': greatest(before[-1].t, next[1].t)})`;
  return `select ${by}, list_reverse(list_reduce(ordered, lambda before, next: case when next[1].f <= before[-1].t + 1 then ${touching} else list_concat(before, next) end)) spans from (
    select ${by}, list_transform(list_sort(list({'f': f, 't': t})), lambda span: [span]) ordered from (${rows}) where f <= t group by ${by}
  )`;
}

/** The columns in which a list of spans is kept, as select items. */
export function spanColumns(name: string, list: string): string {
  const more = `case when len(${list}) > ${slots.length} then array_to_string(list_transform(${list}[${slots.length + 1}:], lambda span: span.f::varchar || '/' || span.t::varchar), ';') else '' end "${name}More"`;
  return [...slots.map((i) => `coalesce(${list}[${i}].f, ${never}) "${name}From${i}", coalesce(${list}[${i}].t, ${never}) "${name}To${i}"`), more].join(', ');
}

/** SQL that tells whether a day (`$day` left out) lies in one of the spans kept under a name; never null. */
export function spansHold(name: string, day = '$day'): string {
  const inside = slots.map((i) => `("${name}From${i}" <= ${day} and "${name}To${i}" >= ${day})`);
  const among = `len(list_filter(string_split("${name}More", ';'), lambda span: try_cast(split_part(span, '/', 1) as date) <= ${day} and try_cast(split_part(span, '/', 2) as date) >= ${day})) > 0`;
  return `(${inside.join(' or ')} or ("${name}More" <> '' and ${among}))`;
}

/** SQL that tells the same of a list of spans, where facts are made. */
export function inSpans(list: string, day: string): string {
  return `coalesce(len(list_filter(${list}, lambda span: span.f <= ${day} and span.t >= ${day})) > 0, false)`;
}
