/** What `runtime-kit bench` calls: a handler for each scenario. */
const { createHash } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');

const WORKLOAD = Buffer.alloc(2 ** 20, 'a');

exports.hello = () => 'hello world';
exports.echo = (event) => event.data;
exports.size = (event) => String(event.data.length);
exports.wait = () => sleep(10, 'waited');
exports.work = () => createHash('sha256').update(WORKLOAD).digest('hex');
