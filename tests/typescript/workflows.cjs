// The workflow that the official worker runs: an activity, a timer, a signal and a query.
const { proxyActivities, sleep, defineSignal, defineQuery, setHandler, condition } = require('@temporalio/workflow');

const { measure } = proxyActivities({ startToCloseTimeout: '10s', retry: { maximumAttempts: 3 } });

exports.maintain = async function maintain(host) {
  let approvedBy = '';
  let state = 'measuring';
  setHandler(defineSignal('approve'), (by) => { approvedBy = by; });
  setHandler(defineQuery('state'), () => state);

  const free = await measure(host);
  state = 'resting';
  await sleep('100ms');
  state = 'waiting';
  await condition(() => approvedBy !== '');
  state = 'done';
  return { host, free, approvedBy };
};

exports.tick = async function tick(n) {
  return n + 1;
};
