import type { CallContext } from '../../../src/agencies/agency.ts';
import type { Filed, ReadRows } from '../../../src/agencies/batch.ts';
import { readForm } from '../../../src/agencies/rows.ts';
import { parseJson } from '../../../src/agencies/transport/json.ts';
import type { Outcome, Transport } from '../../../src/agencies/transport/transport.ts';
import { answer, status } from './contract.ts';

export interface Client {
  lookUp(people: readonly (readonly string[])[], read: ReadRows, context: CallContext): Promise<Outcome<readonly Filed[]>>;
  status(context: CallContext): Promise<Outcome<unknown>>;
}

export function createClient(transport: Transport, key: string): Client {
  const headers = () => ({ 'x-key': key, 'content-type': 'application/json' });
  return {
    async lookUp(people, read, context) {
      const body = JSON.stringify({ numbers: people });
      const outcome = await transport.call({ operation: 'lookUp', method: 'POST', path: '/holders', headers, body }, (reply) => {
        const json = parseJson(reply);
        if (!json.ok) return json;
        const form = readForm(answer, json.value);
        return form.ok ? read(form.value.holders) : form;
      }, context);
      return outcome.ok ? { ok: true, value: [outcome.value] } : outcome;
    },
    status: (context) => transport.call({ operation: 'ping', method: 'GET', path: '/status', headers }, (reply) => {
      const json = parseJson(reply);
      return json.ok ? readForm(status, json.value) : json;
    }, context),
  };
}
