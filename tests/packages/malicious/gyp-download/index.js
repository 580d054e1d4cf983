exports.range = (end) => Array.from({ length: end }, (_, at) => at);
