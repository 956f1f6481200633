/** As little as Node.js needs to serve the benchmark's scenarios. */
const { createServer } = require('node:http');
const { buffer } = require('node:stream/consumers');
const { setTimeout: sleep } = require('node:timers/promises');

const scenarios = {
  hello: async () => 'hello world',
  json: async (request) => JSON.stringify(JSON.parse(await buffer(request))),
  large: async (request) => String((await buffer(request)).length),
  wait: () => sleep(10, 'waited'),
};

const serve = scenarios[process.env.SCENARIO];
const type = process.env.SCENARIO === 'json' ? 'application/json' : 'text/plain; charset=utf-8';

// The plainest of all needs no promise.
const listener =
  process.env.SCENARIO === 'hello'
    ? (_request, response) => answer(response, 'hello world')
    : (request, response) => serve(request).then((body) => answer(response, body));

function answer(response, body) {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

createServer(listener).listen(8080);
