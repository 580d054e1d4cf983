module.exports = (level) => (...values) => console.log(`[${level}]`, ...values);
