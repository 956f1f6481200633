// A dependency: package.json beside the function names it, the installation phase fetches it.
const ms = require('ms');

exports.convert = (event) => `${ms(event.data.trim())} ms\n`;
