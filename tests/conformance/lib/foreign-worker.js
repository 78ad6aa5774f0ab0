// A worker for the kit's workflows in another language. Its host listens on a port of this machine: one connection is one worker,
// from the answer 'ready' to the connection's end. See README.md, "Another worker".
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** @param {string} host HOST:PORT  @param {object} options one JSON line; what they mean is the host's affair */
export async function foreignWorker(host, options) {
  const [name, port] = host.split(':');
  const socket = connect(Number(port), name);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => { socket.once('close', resolve); socket.once('error', resolve); });
  socket.write(`${JSON.stringify(options)}\n`);
  const { value } = await lines.next();
  if (value !== 'ready') throw new Error(`the worker's host at ${host} says: ${value ?? 'nothing'}`);
  return { worker: undefined, stop: async () => { socket.end('stop\n'); await ended; } };
}
