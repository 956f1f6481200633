/** The benchmark's scenarios as HTTP functions of the Functions Framework. */
const { setTimeout: sleep } = require('node:timers/promises');

exports.hello = (_request, response) => response.send('hello world');
exports.json = (request, response) => response.json(request.body);
exports.large = (request, response) => response.send(String(request.rawBody.length));
exports.wait = async (_request, response) => response.send(await sleep(10, 'waited'));
