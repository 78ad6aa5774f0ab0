// The official TypeScript client and worker against the engine: what Temporal's documentation says must be true here.
// usage: node official-sdk.mjs HOST:PORT       prints a line per thing that holds; exit code 1 at the first that does not
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../conformance/package.json'));
const { Client, Connection, ScheduleOverlapPolicy } = require('@temporalio/client');
const { NativeConnection, Runtime, Worker, DefaultLogger } = require('@temporalio/worker');

const address = process.argv[2];
const holds = (what) => console.log(`ok ${what}`);

async function eventually(what, look, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function workflows(client) {
  const handle = await client.workflow.start('maintain', { taskQueue: 'typescript', workflowId: 'maintain-1', args: ['db1'] });
  await eventually('the workflow waits', async () => (await handle.query('state')) === 'waiting');
  holds('an activity, a timer and a query');

  await handle.signal('approve', 'somebody');
  assert.deepEqual(await handle.result(), { host: 'db1', free: 42, approvedBy: 'somebody' });
  holds('a signal, and the result');

  const description = await handle.describe();
  assert.equal(description.status.name, 'COMPLETED');
  const listed = [];
  for await (const workflow of client.workflow.list({ query: "WorkflowType = 'maintain'" })) listed.push(workflow.workflowId);
  assert.deepEqual(listed, ['maintain-1']);
  holds('describe and list');
}

async function schedules(client) {
  const schedule = await client.schedule.create({
    scheduleId: 'ticks',
    spec: { cronExpressions: ['0 3 * * *'], timezone: 'Europe/Berlin' },
    action: { type: 'startWorkflow', workflowType: 'tick', workflowId: 'tick', taskQueue: 'typescript', args: [1] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1h' },
  });

  const names = await eventually('the schedule is listed', async () => {
    const found = [];
    for await (const entry of client.schedule.list()) found.push(entry.scheduleId);
    return found.includes('ticks') && found;
  });
  assert.deepEqual(names, ['ticks']);
  holds('list schedules');

  await schedule.trigger();
  const run = await eventually('the triggered run', async () => (await schedule.describe()).info.recentActions[0]);
  const id = run.action.workflow.workflowId;
  assert.match(id, /^tick-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(await client.workflow.getHandle(id).result(), 2);
  holds('trigger a schedule');

  await schedule.pause('for a test');
  const paused = await schedule.describe();
  assert.equal(paused.state.paused, true);
  assert.equal(paused.state.note, 'for a test');
  assert.equal(paused.info.nextActionTimes.length > 0, true);
  await schedule.unpause('the test goes on');
  assert.equal((await schedule.describe()).state.paused, false);
  holds('pause, unpause and describe a schedule');

  await schedule.delete();
  await assert.rejects(() => schedule.describe());
  holds('delete a schedule');
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
// The server has said that it is ready; a machine with other work may still be slow to answer first.
const connection = await Connection.connect({ address, connectTimeout: '2m' });
const client = new Client({ connection });
const native = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'typescript',
  workflowsPath: path.join(here, 'workflows.cjs'),
  bundlerOptions: { webpackConfigHook: (config) => ({ ...config, resolve: { ...config.resolve, modules: [path.join(here, '../conformance/node_modules')] } }) },
  activities: { measure: async () => 42 },
  shutdownGraceTime: '1s',
});

await worker.runUntil(async () => {
  await workflows(client);
  await schedules(client);
});
await native.close();
await connection.close();
console.log('all of it holds');
