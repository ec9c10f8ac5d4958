// An instance that files events and sends them to webhooks, to be killed by kill.test.ts.
import { createNetworks } from '../../src/access/addresses.ts';
import { createEventLog } from '../../src/events/log.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createReceivers } from '../../src/webhooks/receiver.ts';
import { createSending } from '../../src/webhooks/sending.ts';

const database = await openDatabase({ url: process.env['DATABASE_URL']! });
const onFault = () => process.exit(2);
const log = await createEventLog(database, { keepDays: 30, lookMs: 100, onFault });
const receivers = createReceivers({ allowed: createNetworks(['127.0.0.0/8']), timeoutMs: 5_000 });
createSending({
  database, log, receivers, hears: async (_owner, events) => events, leaving: async () => null, onFault, leaseMs: 500, lookMs: 50, haste: 0.001,
  message: (event) => ({ id: String(event.id), payload: JSON.stringify({ type: 'x', data: { worker: event.workerId, rule: event.ref } }) }),
}).start();
process.send!('ready');
process.on('disconnect', () => process.exit(0));
