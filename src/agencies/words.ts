/** A closed list of words on an agency's wire and what each means in the hub's vocabulary, to be read both ways. */
export interface Words<Hub extends string, Wire extends string> {
  /** All wire words, for `z.enum`. */
  readonly wire: readonly Wire[];
  readonly toHub: Readonly<Record<Wire, Hub>>;
  readonly toWire: Readonly<Record<Hub, Wire>>;
}

/** From the hub's words to the wire's. Two hub words for one wire word would lose meaning on the way back, so that is refused. */
export function words<Hub extends string, Wire extends string>(table: Readonly<Record<Hub, Wire>>): Words<Hub, Wire> {
  const pairs = Object.entries<Wire>(table);
  const toHub = Object.fromEntries(pairs.map(([hub, wire]) => [wire, hub])) as Record<Wire, Hub>;
  const wire = Object.keys(toHub) as Wire[];
  if (wire.length !== pairs.length) throw new RangeError('two words of the hub share one word of the wire');
  return { wire, toHub, toWire: table };
}
