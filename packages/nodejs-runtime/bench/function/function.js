/** What `runtime-kit bench` calls: a handler for each scenario. */
const { setTimeout: sleep } = require('node:timers/promises');

exports.hello = () => 'hello world';
exports.echo = (event) => event.data;
exports.size = (event) => String(event.data.length);
exports.wait = () => sleep(10, 'waited');
